using System.Collections.Frozen;

namespace AiStackDeployer.Core.Naming;

/// <summary>Names nobody may have, compared trimmed and lower-cased.</summary>
public sealed class ReservedNames(IEnumerable<string> names)
{
    private readonly FrozenSet<string> _names = names
        .Select(name => name.Trim().ToLowerInvariant())
        .Where(name => name.Length > 0)
        .ToFrozenSet(StringComparer.Ordinal);

    public static ReservedNames Default { get; } = new(
    [
        "admin", "api", "www", "root", "system", "test", "demo", "portal", "dokploy", "traefik", "localhost",
        // Browsers, Windows and mail programs look for these hosts by themselves and trust what they find there.
        "wpad", "isatap", "autodiscover", "autoconfig", "mail", "smtp", "imap", "webmail", "mta-sts",
    ]);

    /// <summary>Every name of legal shape may be had.</summary>
    public static ReservedNames None { get; } = new([]);

    /// <summary>
    /// Reads a comma-separated setting, which replaces the default list. A blank setting is one that was not made and
    /// leaves the default; a lone comma reserves nothing.
    /// </summary>
    public static ReservedNames Parse(string? setting) =>
        string.IsNullOrWhiteSpace(setting) ? Default : new ReservedNames(setting.Split(','));

    /// <summary>
    /// Reserves as well what would put a stack on one of these hosts or above it, where its pages could set cookies for the host.
    /// </summary>
    public ReservedNames WithHosts(IEnumerable<string> hosts, string suffix) => new(
    [
        .. _names,
        .. hosts.Where(host => host.EndsWith("." + suffix, StringComparison.OrdinalIgnoreCase))
            .Select(host => host[..^(suffix.Length + 1)])
            .Select(below => below[(below.LastIndexOf('.') + 1)..]),
    ]);

    public bool Contains(string normalized) => _names.Contains(normalized);

    public bool Contains(StackName name) => Contains(name.Value);
}
