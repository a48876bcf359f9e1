using System.Globalization;
using AiStackDeployer.Core.Notices;
using AiStackDeployer.Web.Presentation;
using AiStackDeployer.Web.Settings;
using MimeKit;
using MimeKit.Text;

namespace AiStackDeployer.Web.Notices;

/// <summary>Notices by e-mail, in the person's language.</summary>
internal sealed class EmailSender(SmtpSettings settings, PortalSettings portal, NoticeText text, TimeProvider time) : INoticeSender
{
    public NoticeWay Way => NoticeWay.Email;

    public bool CanReach(NoticePreferences person) => person.Email is not null;

    public Task<DeliveryResult> SendAsync(NoticePreferences person, NoticeDelivery delivery, CancellationToken cancellationToken)
    {
        if (!MailboxAddress.TryParse(person.Email, out var to))
        {
            return Task.FromResult(new DeliveryResult(DeliveryFault.NoAddress));
        }
        var message = Compose(to, person.Language, delivery);
        return SmtpConnection.RunAsync(settings, (client, stop) => client.SendAsync(message, stop), cancellationToken);
    }

    /// <summary>MimeKit encodes what it is given, so that no text can become another header.</summary>
    private MimeMessage Compose(MailboxAddress to, string? language, NoticeDelivery delivery)
    {
        var written = In(language, () => text.Email(delivery, NoticeLinks.RootOf(portal)));
        var message = new MimeMessage
        {
            Subject = written.Subject,
            Date = time.GetUtcNow(),
            // The same at each attempt, so that a mail program shows one message.
            MessageId = $"{delivery.Id}@{settings.From[(settings.From.LastIndexOf('@') + 1)..]}",
            Body = new MultipartAlternative
            {
                new TextPart(TextFormat.Plain) { Text = written.Plain },
                new TextPart(TextFormat.Html) { Text = written.Html },
            },
        };
        message.From.Add(new MailboxAddress(written.SenderName, settings.From));
        message.To.Add(to);
        // So that no holiday notice answers.
        message.Headers.Add("Auto-Submitted", "auto-generated");
        return message;
    }

    private static T In<T>(string? language, Func<T> write)
    {
        var before = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(language is "nl" ? "nl" : "en");
            return write();
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = before;
        }
    }
}

/// <summary>Addresses in messages, which no request came for.</summary>
internal static class NoticeLinks
{
    /// <summary>Without a slash at its end. In Development without PUBLIC_URL it is this machine's.</summary>
    public static string RootOf(PortalSettings settings) =>
        (settings.PublicUrl?.AbsoluteUri ?? $"http://localhost:{settings.Port.ToString(CultureInfo.InvariantCulture)}{settings.PathBase}").TrimEnd('/');
}
