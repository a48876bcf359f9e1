using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using AiStackDeployer.Core.Notices;
using AiStackDeployer.Tests.Settings;
using AiStackDeployer.Tests.TestKit;
using AiStackDeployer.Web.Notices;
using AiStackDeployer.Web.Security.OAuth;
using AiStackDeployer.Web.Settings;

namespace AiStackDeployer.Tests.Notices;

/// <summary>What is posted to an address that a person named, and where nothing is posted.</summary>
public sealed class WebhookTests
{
    private static readonly TestSecrets Secrets = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The example that the libraries of Standard Webhooks share.</summary>
    [Fact]
    public void A_message_is_signed_as_the_specification_says() => Assert.Equal(
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        WebhookSecret.Sign("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, "{\"test\": 2432232314}"u8));

    [Theory]
    [InlineData("https://hooks.example.org/a?b=c", true)]
    [InlineData("http://hooks.example.org/a", false)]
    [InlineData("https://user:pw@hooks.example.org/", false)]
    [InlineData("https://hooks.example.org/#x", false)]
    [InlineData("ftp://hooks.example.org/", false)]
    [InlineData("hooks.example.org", false)]
    [InlineData("http://127.0.0.1:9/", false)]
    [InlineData("", false)]
    public void Only_https_can_be_an_address(string address, bool isOne)
    {
        Assert.Equal(isOne, WebhookSender.Parse(address, isDevelopment: false) is not null);
        Assert.Equal(isOne || address.Contains("127.0.0.1", StringComparison.Ordinal), WebhookSender.Parse(address, isDevelopment: true) is not null);
    }

    [Theory]
    [InlineData("https://127.0.0.1/")]
    [InlineData("https://localhost/")]
    [InlineData("https://[::1]/")]
    [InlineData("https://10.0.0.8/")]
    [InlineData("https://192.168.1.1/")]
    [InlineData("https://169.254.169.254/latest/meta-data")]
    [InlineData("https://2130706433/")]
    [InlineData("https://[::ffff:10.0.0.8]/")]
    [InlineData("https://inside.test/")]
    public async Task Nothing_inside_a_private_network_is_called(string address)
    {
        var outside = new OutsideOptions { ResolveAsync = (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("8.8.8.8"), IPAddress.Parse("10.0.0.8")]) };
        using var sender = new WebhookSender(outside, Secrets, SettingsBench.Production(), TimeProvider.System);

        Assert.Equal(new DeliveryResult(DeliveryFault.NotPublic), await sender.SendAsync(At(address), Delivery, Token));
    }

    [Fact]
    public async Task It_arrives_with_its_id_and_a_signature_of_the_very_body()
    {
        Dictionary<string, string> headers = [];
        await using var server = await LoopbackServer.StartAsync((context, _) =>
        {
            // The request is used again for the next one.
            headers = context.Request.Headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value.ToString());
            return Task.CompletedTask;
        });
        using var sender = new WebhookSender(new OutsideOptions(), Secrets, Development(), TimeProvider.System);

        Assert.Equal(DeliveryResult.Delivered, await sender.SendAsync(At(server.Url.ToString()), Delivery, Token));

        var body = Assert.Single(server.Requests).Body;
        Assert.Equal(Delivery.Id, headers["webhook-id"]);
        Assert.Equal(WebhookSecret.Sign(Secret, Delivery.Id, long.Parse(headers["webhook-timestamp"], CultureInfo.InvariantCulture), Encoding.UTF8.GetBytes(body)), headers["webhook-signature"]);
        var notice = JsonNode.Parse(body)!["data"]!["notices"]![0]!;
        Assert.Equal(
            ("operation-failed", "failure", "one", "https://portal.test/stacks/one"), ((string)notice["cause"]!, (string)notice["kind"]!, (string)notice["stack"]!, (string)notice["url"]!));
        Assert.Equal("stack.notices", (string)JsonNode.Parse(body)!["type"]!);
    }

    [Fact]
    public async Task A_redirect_is_not_followed_and_an_error_is_told_by_its_status()
    {
        await using var server = await LoopbackServer.StartAsync((context, _) =>
        {
            context.Response.Redirect("/elsewhere");
            return Task.CompletedTask;
        });
        using var sender = new WebhookSender(new OutsideOptions(), Secrets, Development(), TimeProvider.System);

        Assert.Equal(new DeliveryResult(DeliveryFault.Refused, "302"), await sender.SendAsync(At(server.Url.ToString()), Delivery, Token));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Who_does_not_answer_is_not_waited_for()
    {
        await using var server = await LoopbackServer.StartAsync(async (context, _) =>
            await new TaskCompletionSource().Task.WaitAsync(context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing));
        using var sender = new WebhookSender(new OutsideOptions { Timeout = TimeSpan.FromMilliseconds(300) }, Secrets, Development(), TimeProvider.System);

        Assert.Equal(new DeliveryResult(DeliveryFault.TimedOut), await sender.SendAsync(At(server.Url.ToString()), Delivery, Token));
    }

    [Fact]
    public async Task An_address_that_cannot_be_decrypted_is_none()
    {
        using var sender = new WebhookSender(new OutsideOptions(), new TestSecrets { AreLost = true }, Development(), TimeProvider.System);
        Assert.Equal(new DeliveryResult(DeliveryFault.NoAddress), await sender.SendAsync(At("https://hooks.example.org/"), Delivery, Token));
    }

    private static string Secret { get; } = WebhookSecret.New();

    private static NoticeDelivery Delivery { get; } = new("ntc_1", NoticeWay.Webhook, [NoticeBoxTests.Failed("one", 0)], default);

    private static PortalSettings Development() => SettingsBench.Development(("PUBLIC_URL", "https://portal.test"));

    private static NoticePreferences At(string address) => new() { Webhook = new WebhookTarget(Secrets.Protect(address), Secrets.Protect(Secret)) };
}
