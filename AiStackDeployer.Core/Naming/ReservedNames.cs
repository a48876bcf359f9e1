using System.Collections.Frozen;

namespace AiStackDeployer.Core.Naming;

/// <summary>Names nobody may have, compared trimmed and lower-cased.</summary>
public sealed class ReservedNames(IEnumerable<string> names)
{
    private readonly FrozenSet<string> _names = names
        .Select(name => name.Trim().ToLowerInvariant())
        .Where(name => name.Length > 0)
        .ToFrozenSet(StringComparer.Ordinal);

    public static ReservedNames Default { get; } =
        new(["admin", "api", "www", "root", "system", "test", "demo", "portal"]);

    /// <summary>Every name of legal shape may be had.</summary>
    public static ReservedNames None { get; } = new([]);

    /// <summary>
    /// Reads a comma-separated setting, which replaces the default list. A blank setting is one that was not made and
    /// leaves the default; a lone comma reserves nothing.
    /// </summary>
    public static ReservedNames Parse(string? setting) =>
        string.IsNullOrWhiteSpace(setting) ? Default : new ReservedNames(setting.Split(','));

    public bool Contains(string normalized) => _names.Contains(normalized);

    public bool Contains(StackName name) => Contains(name.Value);
}
