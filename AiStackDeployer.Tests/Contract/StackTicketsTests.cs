using System.Security.Cryptography;
using System.Text;
using AiStackDeployer.Contract;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AiStackDeployer.Tests.Contract;

public sealed class StackTicketsTests
{
    private const string Password = "a-password-of-a-stack";
    private const string Stack = "https://piet-lab.example.org";

    private static readonly DateTimeOffset Start = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Start);

    [Theory]
    [InlineData(Stack)]
    [InlineData(Stack + "/")]
    public async Task A_ticket_tells_whose_it_is(string url)
    {
        var ticket = await ReadAsync(StackTickets.Issue(Password, url, TicketUse.Enter, "usr_1", "id-1", Start));

        Assert.Equal(new StackTicket("id-1", "usr_1", Start + StackTickets.Lifetime), ticket);
    }

    [Fact]
    public async Task A_ticket_ends_a_minute_after_it_was_made()
    {
        var text = StackTickets.Issue(Password, Stack, TicketUse.Enter, "usr_1", "id-1", Start);

        _time.Advance(StackTickets.Lifetime + StackTickets.ClockSkew - TimeSpan.FromSeconds(1));
        Assert.NotNull(await ReadAsync(text));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await ReadAsync(text));
    }

    [Fact]
    public async Task A_ticket_opens_only_what_it_is_for()
    {
        var text = StackTickets.Issue(Password, Stack, TicketUse.Portal, "portal", "id-1", Start);

        Assert.NotNull(await StackTickets.ReadAsync(text, Password, Stack, TicketUse.Portal, _time));
        Assert.Null(await StackTickets.ReadAsync(text, Password, Stack, TicketUse.Enter, _time));
    }

    [Theory]
    [InlineData("https://other.example.org")]
    [InlineData("http://piet-lab.example.org")]
    [InlineData("https://piet-lab.example.org:8443")]
    [InlineData("https://piet-lab.example.org/terminal")]
    public async Task A_ticket_of_another_stack_is_refused(string other) =>
        Assert.Null(await ReadAsync(StackTickets.Issue(Password, other, TicketUse.Enter, "usr_1", "id-1", Start)));

    [Fact]
    public async Task A_new_password_ends_the_tickets_of_the_old_one() =>
        Assert.Null(await ReadAsync(StackTickets.Issue("the-password-before", Stack, TicketUse.Enter, "usr_1", "id-1", Start)));

    [Fact]
    public async Task The_password_itself_and_the_stack_s_other_key_sign_no_ticket()
    {
        Assert.Null(await ReadAsync(Sign(new SymmetricSecurityKey(Encoding.UTF8.GetBytes(Password.PadRight(32))))));
        Assert.Null(await ReadAsync(Sign(new SymmetricSecurityKey(StackKeys.SessionKey(Password)))));
        Assert.NotNull(await ReadAsync(Sign(new SymmetricSecurityKey(StackKeys.TicketKey(Password)))));
    }

    [Fact]
    public async Task A_changed_ticket_is_refused()
    {
        var parts = StackTickets.Issue(Password, Stack, TicketUse.Enter, "usr_1", "id-1", Start).Split('.');
        var payload = Base64UrlEncoder.Decode(parts[1]).Replace("usr_1", "usr_2", StringComparison.Ordinal);

        Assert.Null(await ReadAsync($"{parts[0]}.{Base64UrlEncoder.Encode(payload)}.{parts[2]}"));
    }

    [Theory]
    [InlineData("none")]
    [InlineData("HS256")]
    public async Task A_ticket_without_a_signature_is_refused(string algorithm)
    {
        var payload = StackTickets.Issue(Password, Stack, TicketUse.Enter, "usr_1", "id-1", Start).Split('.')[1];

        Assert.Null(await ReadAsync($"{Base64UrlEncoder.Encode($$"""{"alg":"{{algorithm}}","typ":"JWT"}""")}.{payload}."));
    }

    [Theory]
    [InlineData(SecurityAlgorithms.HmacSha256, true)]
    [InlineData(SecurityAlgorithms.HmacSha256Signature, false)]
    public async Task Only_one_name_of_an_algorithm_is_taken(string algorithm, bool isTaken)
    {
        var payload = StackTickets.Issue(Password, Stack, TicketUse.Enter, "usr_1", "id-1", Start).Split('.')[1];
        var signed = Base64UrlEncoder.Encode($$"""{"alg":"{{algorithm}}","typ":"JWT"}""") + "." + payload;
        var signature = HMACSHA256.HashData(StackKeys.TicketKey(Password), Encoding.ASCII.GetBytes(signed));

        Assert.Equal(isTaken, await ReadAsync($"{signed}.{Base64UrlEncoder.Encode(signature)}") is not null);
    }

    [Fact]
    public async Task A_ticket_signed_for_a_long_life_is_refused() =>
        Assert.Null(await ReadAsync(Sign(new SymmetricSecurityKey(StackKeys.TicketKey(Password)), expires: Start.AddYears(1))));

    [Fact]
    public async Task A_ticket_without_an_end_a_person_or_an_id_is_refused()
    {
        var key = new SymmetricSecurityKey(StackKeys.TicketKey(Password));
        var withoutEnd = new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = "ai-stack-deployer",
            Audience = Stack,
            Claims = new Dictionary<string, object> { ["sub"] = "usr_1", ["jti"] = "id-1", ["use"] = TicketUse.Enter },
            SigningCredentials = new SigningCredentials(key, SecurityAlgorithms.HmacSha256),
        });

        Assert.Null(await ReadAsync(withoutEnd));
        Assert.Null(await ReadAsync(Sign(key, person: "")));
        Assert.Null(await ReadAsync(Sign(key, id: "")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("not a ticket")]
    [InlineData("eyJhbGciOiJIUzI1NiJ9.e30.AAAA")]
    [InlineData("a.b.c.d.e")]
    public async Task What_is_no_ticket_is_refused(string text) => Assert.Null(await ReadAsync(text));

    private Task<StackTicket?> ReadAsync(string text) => StackTickets.ReadAsync(text, Password, Stack, TicketUse.Enter, _time);

    private static string Sign(SecurityKey key, string person = "usr_1", string id = "id-1", DateTimeOffset? expires = null) =>
        new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = "ai-stack-deployer",
            Audience = Stack,
            IssuedAt = Start.UtcDateTime,
            Expires = (expires ?? Start.AddSeconds(60)).UtcDateTime,
            Claims = new Dictionary<string, object> { ["sub"] = person, ["jti"] = id, ["use"] = TicketUse.Enter },
            SigningCredentials = new SigningCredentials(key, SecurityAlgorithms.HmacSha256),
        });
}
