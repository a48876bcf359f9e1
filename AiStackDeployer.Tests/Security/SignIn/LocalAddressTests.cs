using AiStackDeployer.Web.Security.SignIn;
using Microsoft.AspNetCore.Http;

namespace AiStackDeployer.Tests.Security.SignIn;

/// <summary>Where a sign-in may lead: nowhere outside of the portal, whatever a link says.</summary>
public sealed class LocalAddressTests
{
    [Theory]
    [InlineData("", "/")]
    [InlineData("", "/account")]
    [InlineData("", "/deployments/dep_1?tab=log&q=a%20b#end")]
    [InlineData("", "/%2F/evil.test")]
    [InlineData("/portal", "/portal/")]
    [InlineData("/portal", "/portal/account")]
    public void A_path_of_the_portals_own_is_gone_to(string pathBase, string returnUrl) => Assert.Equal(returnUrl, Local(pathBase, returnUrl));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("evil.test")]
    [InlineData("http://evil.test")]
    [InlineData("https://evil.test/")]
    [InlineData("HTTPS:evil.test")]
    [InlineData("http:/evil.test")]
    [InlineData("//evil.test")]
    [InlineData("///evil.test")]
    [InlineData("////evil.test")]
    [InlineData("//evil.test/%2f..")]
    [InlineData("//user@evil.test")]
    [InlineData("//evil%E3%80%82test")]
    [InlineData("\\evil.test")]
    [InlineData("\\\\evil.test")]
    [InlineData("/\\evil.test")]
    [InlineData("/\\/evil.test")]
    [InlineData("\\/evil.test")]
    [InlineData("/a\\..\\\\evil.test")]
    [InlineData("/\t/evil.test")]
    [InlineData("/\n/evil.test")]
    [InlineData("\t//evil.test")]
    [InlineData("/\r\nLocation: https://evil.test")]
    [InlineData("/\0/evil.test")]
    [InlineData(" //evil.test")]
    [InlineData("/ /evil.test")]
    [InlineData("javascript:alert(1)")]
    [InlineData("data:text/html,a")]
    [InlineData("vbscript:a")]
    [InlineData("~/account")]
    [InlineData("?a")]
    [InlineData("#a")]
    [InlineData("/é")]
    [InlineData("/\u2028/evil.test")]
    [InlineData("/\uFF0Fevil.test")]
    public void Anything_else_leads_to_the_first_page(string? returnUrl)
    {
        Assert.Equal("/", Local("", returnUrl));
        Assert.Equal("/portal/", Local("/portal", returnUrl));
    }

    [Theory]
    [InlineData("/account")]
    [InlineData("/portal")]
    [InlineData("/portals/evil")]
    [InlineData("/PORTAL/account")]
    public void Below_a_path_the_rest_of_the_host_is_somebody_elses(string returnUrl) => Assert.Equal("/portal/", Local("/portal", returnUrl));

    private static string Local(string pathBase, string? returnUrl) =>
        SignInEndpoints.Local(new DefaultHttpContext { Request = { PathBase = pathBase } }, returnUrl);
}
