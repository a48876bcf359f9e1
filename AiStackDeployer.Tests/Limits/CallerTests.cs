using System.Net;
using System.Security.Claims;
using AiStackDeployer.Web.Limits;
using AiStackDeployer.Web.Security;
using Microsoft.AspNetCore.Http;

namespace AiStackDeployer.Tests.Limits;

public sealed class CallerTests
{
    [Theory]
    [InlineData("203.0.113.7", "::ffff:203.0.113.7", true)]
    [InlineData("203.0.113.7", "203.0.113.8", false)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("fe80::1%1", "fe80::2", true)]
    public void Addresses_that_one_machine_has_are_one_caller(string one, string other, bool isSame) =>
        Assert.Equal(isSame, Of(one) == Of(other));

    [Fact]
    public void A_person_is_one_caller_from_any_address()
    {
        var (home, work) = (Request("203.0.113.7", Person("usr_1")), Request("198.51.100.1", Person("usr_1")));

        Assert.Equal(Caller.Of(home), Caller.Of(work));
        Assert.True(Caller.Of(home).IsKnown);
        Assert.NotEqual(Caller.Of(home), Caller.Of(Request("203.0.113.7", Person("usr_2"))));
    }

    [Fact]
    public void A_person_made_up_for_this_request_counts_as_their_address()
    {
        Assert.Equal(Of("203.0.113.7"), Caller.Of(Request("203.0.113.7", new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, "usr_new"), new Claim(PersonClaims.New, "")], "test")))));
        Assert.False(Of("203.0.113.7").IsKnown);
    }

    [Fact]
    public void No_header_makes_another_caller_of_a_connection()
    {
        var context = Request("203.0.113.7", new ClaimsPrincipal());
        context.Request.Headers["X-Forwarded-For"] = "198.51.100.1";

        Assert.Equal(Of("203.0.113.7"), Caller.Of(context));
    }

    private static Caller Of(string address) => Caller.OfAddress(IPAddress.Parse(address));

    private static ClaimsPrincipal Person(string id) => new(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, id)], "test"));

    private static DefaultHttpContext Request(string address, ClaimsPrincipal user) =>
        new() { User = user, Connection = { RemoteIpAddress = IPAddress.Parse(address) } };
}
