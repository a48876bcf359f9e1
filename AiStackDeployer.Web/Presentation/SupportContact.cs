namespace AiStackDeployer.Web.Presentation;

/// <summary>Where people reach an administrator (SUPPORT_CONTACT): <c>mailto:</c> or a page; null = the operator has not said.</summary>
public sealed record SupportContact(Uri? Address)
{
    /// <summary>Longer links are cut or refused by mail programs and Windows.</summary>
    private const int MaxLink = 1_900;

    public bool IsMail => Address?.Scheme == Uri.UriSchemeMailto;

    /// <summary>The link behind "Tell an administrator"; a mail brings the report along, as far as it fits.</summary>
    public string? LinkFor(string subject, string report)
    {
        if (!IsMail)
        {
            return Address?.AbsoluteUri;
        }
        var link = $"{Address!.AbsoluteUri}?subject={Uri.EscapeDataString(subject)}&body=";
        foreach (var line in report.Split('\n'))
        {
            // Lines of a mail end with CR LF (RFC 6068).
            var escaped = Uri.EscapeDataString(line + "\r\n");
            if (link.Length + escaped.Length > MaxLink)
            {
                break;
            }
            link += escaped;
        }
        return link;
    }
}
