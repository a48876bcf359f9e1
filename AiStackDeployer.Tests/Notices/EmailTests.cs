using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using AiStackDeployer.Core.Connections;
using AiStackDeployer.Core.Notices;
using AiStackDeployer.Tests.Settings;
using AiStackDeployer.Tests.TestKit;
using AiStackDeployer.Web.Components;
using AiStackDeployer.Web.Notices;
using AiStackDeployer.Web.Presentation;
using AiStackDeployer.Web.Settings;
using Microsoft.Extensions.DependencyInjection;
using MimeKit;
using SmtpServer;
using SmtpServer.Authentication;
using SmtpServer.Protocol;
using SmtpServer.Storage;

namespace AiStackDeployer.Tests.Notices;

/// <summary>Messages against a mail server of the test's own.</summary>
public sealed class EmailTests : IAsyncDisposable
{
    private const string Password = "password-that-must-not-be-told";

    private readonly Letterbox _letters = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly int _port = FreePort.Next();
    private readonly Task _serving;

    public EmailTests()
    {
        var services = new SmtpServer.ComponentModel.ServiceProvider();
        services.Add(_letters);
        services.Add(new DelegatingUserAuthenticator((user, password) => user == "portal" && password == Password));
        var options = new SmtpServerOptionsBuilder().ServerName("mail.test")
            .Endpoint(at => at.Endpoint(new IPEndPoint(IPAddress.Loopback, _port)).AllowUnsecureAuthentication().AuthenticationRequired())
            .Build();
        _serving = new SmtpServer.SmtpServer(options, services).StartAsync(_stop.Token);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_arrives_in_the_persons_language_with_the_link_and_the_same_id_each_time()
    {
        var delivery = new NoticeDelivery("ntc_1", NoticeWay.Email, [NoticeBoxTests.Failed("one", 0) with { Failure = Core.Deployments.FailureCode.ImageNotFound }], default);

        Assert.Equal(DeliveryResult.Delivered, await Sender().SendAsync(new NoticePreferences { Email = "anna@people.test", Language = "nl" }, delivery, Token));
        await Sender().SendAsync(new NoticePreferences { Email = "anna@people.test", Language = "en" }, delivery with { Notices = [.. delivery.Notices, NoticeBoxTests.Failed("two", 0)] }, Token);

        var (dutch, english) = (_letters.Taken[0], _letters.Taken[1]);
        Assert.Equal(("one: een bewerking is mislukt", "2 notices about your stacks"), (dutch.Subject, english.Subject));
        Assert.Equal(("ntc_1@portal.test", "ntc_1@portal.test"), (dutch.MessageId, english.MessageId));
        Assert.Equal("auto-generated", dutch.Headers["Auto-Submitted"]);
        Assert.Equal(("stacks@portal.test", "anna@people.test"), (dutch.From.Mailboxes.Single().Address, dutch.To.Mailboxes.Single().Address));
        Assert.Contains("https://portal.test/stacks/one", dutch.TextBody, StringComparison.Ordinal);
        Assert.Contains("<a href=\"https://portal.test/stacks/two\">", english.HtmlBody, StringComparison.Ordinal);
        Assert.Contains("https://portal.test/account#notices", dutch.TextBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_text_becomes_another_header_or_another_reader()
    {
        var evil = NoticeBoxTests.Failed("one\r\nBcc: all@people.test\r\n\r\n<script>", 0);
        var delivery = new NoticeDelivery("ntc_1", NoticeWay.Email, [evil], default);

        await Sender().SendAsync(new NoticePreferences { Email = "anna@people.test\r\nBcc: all@people.test" }, delivery, Token);
        Assert.Empty(_letters.Taken);
        await Sender().SendAsync(new NoticePreferences { Email = "anna@people.test" }, delivery, Token);

        var read = Assert.Single(_letters.Taken);
        Assert.Empty(read.Bcc);
        Assert.Null(read.Headers["Bcc"]);
        Assert.DoesNotContain("<script>", read.HtmlBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_goes_wrong_is_told_without_the_password()
    {
        var person = new NoticePreferences { Email = "anna@people.test" };
        var delivery = new NoticeDelivery("ntc_1", NoticeWay.Email, [], default);

        Assert.Equal(DeliveryFault.SignIn, (await Sender(("SMTP_PASSWORD", "wrong")).SendAsync(person, delivery, Token)).Fault);
        Assert.Equal(DeliveryFault.Tls, (await Sender(("SMTP_SECURITY", "starttls")).SendAsync(person, delivery, Token)).Fault);
        Assert.Equal(DeliveryFault.Refused, (await Sender().SendAsync(new NoticePreferences { Email = "nobody@refused.test" }, delivery, Token)).Fault);
        Assert.Equal(DeliveryFault.Unreachable, (await Sender(("SMTP_PORT", "1")).SendAsync(person, delivery, Token)).Fault);
        Assert.Empty(_letters.Taken);
        Assert.DoesNotContain(Password, $"{Settings()} {Settings().Mail}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, null, ConnectionCause.MailAnswers)]
    [InlineData("SMTP_PASSWORD", "wrong", ConnectionCause.MailSignInRefused)]
    [InlineData("SMTP_SECURITY", "starttls", ConnectionCause.MailTlsFailed)]
    [InlineData("SMTP_PORT", "1", ConnectionCause.MailUnreachable)]
    public async Task The_check_signs_in_and_sends_nothing(string? key, string? value, ConnectionCause cause)
    {
        var check = new SmtpCheck(Settings(key is null ? [] : [(key, value)]).Mail!, TimeProvider.System);

        var results = new List<ConnectionResult>();
        await foreach (var result in check.RunAsync(Token))
        {
            results.Add(result);
        }
        Assert.Equal(cause, Assert.Single(results).Cause);
        Assert.Empty(_letters.Taken);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving;
        _stop.Dispose();
    }

    private PortalSettings Settings(params (string Key, string? Value)[] more)
    {
        Dictionary<string, string?> settings = new()
        {
            ["PUBLIC_URL"] = "https://portal.test", ["SMTP_HOST"] = "127.0.0.1", ["SMTP_PORT"] = $"{_port}", ["SMTP_SECURITY"] = "none", ["SMTP_USERNAME"] = "portal",
            ["SMTP_PASSWORD"] = Password, ["SMTP_FROM"] = "stacks@portal.test",
        };
        foreach (var (key, value) in more)
        {
            settings[key] = value;
        }
        return SettingsBench.Development([.. settings.Select(pair => (pair.Key, pair.Value))]);
    }

    private EmailSender Sender(params (string Key, string? Value)[] more)
    {
        var settings = Settings(more);
        var services = new ServiceCollection().AddLogging().AddPortalTexts().AddSingleton(settings.Stacks).BuildServiceProvider();
        return new EmailSender(settings.Mail!, settings, services.GetRequiredService<NoticeText>(), TimeProvider.System);
    }

    private sealed class Letterbox : MessageStore
    {
        private readonly ConcurrentQueue<MimeMessage> _taken = new();

        public IReadOnlyList<MimeMessage> Taken => [.. _taken];

        public override Task<SmtpResponse> SaveAsync(ISessionContext context, IMessageTransaction transaction, ReadOnlySequence<byte> buffer, CancellationToken cancellationToken)
        {
            if (transaction.To.Any(to => to.Host == "refused.test"))
            {
                return Task.FromResult(SmtpResponse.MailboxUnavailable);
            }
            using var bytes = new MemoryStream(buffer.ToArray());
            _taken.Enqueue(MimeMessage.Load(bytes, cancellationToken));
            return Task.FromResult(SmtpResponse.Ok);
        }
    }
}
