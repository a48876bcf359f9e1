using System.Net;

namespace AiStackDeployer.Core.Connections;

/// <summary>
/// The domain that somebody registered, which browsers call a site. Approximated, because no maintained library knows the list of public
/// suffixes: the last two labels, or three below a country's own categories (co.uk). Domains below a hoster's (github.io) count as one
/// site, though to browsers they are not: at worst a warning too many.
/// </summary>
internal static class RegistrableDomain
{
    private static readonly HashSet<string> Categories =
        new(["ac", "co", "com", "edu", "go", "gob", "gouv", "gov", "mil", "ne", "net", "nom", "or", "org", "sch"], StringComparer.OrdinalIgnoreCase);

    /// <summary>Null for an address, and for a name that nobody can register.</summary>
    public static string? Of(string host)
    {
        var labels = host.TrimEnd('.').ToLowerInvariant().Split('.');
        if (IPAddress.TryParse(host, out _) || labels.Length < 2 || labels[^1] == "localhost")
        {
            return null;
        }
        var isCategory = labels is [_, .., var category, { Length: 2 }] && Categories.Contains(category);
        return string.Join('.', labels.TakeLast(isCategory ? 3 : 2));
    }
}
