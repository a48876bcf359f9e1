using System.Net.Mail;
using AiStackDeployer.Web.Security;

namespace AiStackDeployer.Web.Settings;

public enum SmtpSecurity
{
    /// <summary>Begins in the clear and refuses to go on without TLS.</summary>
    StartTls,

    /// <summary>TLS from the first byte.</summary>
    Tls,

    None,
}

/// <summary>The mail server that takes what the portal sends.</summary>
/// <param name="UserName">Null = nobody signs in.</param>
/// <param name="From">The address that messages come from.</param>
public sealed record SmtpSettings(string Host, int Port, SmtpSecurity Security, string? UserName, string? Password, string From)
{
    /// <summary>Where, never with what.</summary>
    public override string ToString() => $"{Host}:{Port}";
}

/// <summary>How the portal sends e-mail.</summary>
public sealed partial record PortalSettings
{
    private static readonly Dictionary<string, SmtpSecurity> SmtpSecurities = new()
    {
        ["starttls"] = SmtpSecurity.StartTls, ["tls"] = SmtpSecurity.Tls, ["none"] = SmtpSecurity.None,
    };

    /// <summary>Null = the portal sends no e-mail.</summary>
    public required SmtpSettings? Mail { get; init; }

    private static SmtpSettings? ReadMail(SettingsReader reader, bool development)
    {
        var host = reader.Text("SMTP_HOST");
        var security = reader.OneOf("SMTP_SECURITY", SmtpSecurity.StartTls, SmtpSecurities);
        var port = reader.Int("SMTP_PORT", security switch { SmtpSecurity.Tls => 465, SmtpSecurity.None => 25, _ => 587 }, 1, 65535);
        var (user, password, from) = (reader.Text("SMTP_USERNAME"), reader.Text("SMTP_PASSWORD"), reader.Text("SMTP_FROM"));
        if (host is null)
        {
            foreach (var key in (string[])["SMTP_FROM", "SMTP_USERNAME", "SMTP_PASSWORD", "SMTP_PORT", "SMTP_SECURITY"])
            {
                if (reader.Text(key) is not null)
                {
                    reader.Fault(key, "is set, but SMTP_HOST is not.");
                }
            }
            return null;
        }
        if (Uri.CheckHostName(host) == UriHostNameType.Unknown)
        {
            reader.Fault("SMTP_HOST", "must be a host name such as mail.example.org, without scheme or port.");
        }
        if (from is null)
        {
            reader.Fault("SMTP_FROM", "is not set: the address that messages come from, e.g. stacks@example.org.");
        }
        else if (!MailAddress.TryCreate(from, out var address) || address.Address != from || !from.All(char.IsAscii))
        {
            reader.Fault("SMTP_FROM", "must be a mail address such as stacks@example.org, without a name.");
        }
        if (user is null != password is null)
        {
            reader.Fault(user is null ? "SMTP_USERNAME" : "SMTP_PASSWORD", $"is not set, but {(user is null ? "SMTP_PASSWORD" : "SMTP_USERNAME")} is.");
        }
        if (security == SmtpSecurity.None && user is not null && !development && !Gate.IsThisMachine(host))
        {
            reader.Fault("SMTP_SECURITY", "may not be \"none\" with a password, which anybody on the way could read.");
        }
        return new SmtpSettings(host, port, security, user, password, from ?? "");
    }
}
