using System.Text.Json;
using System.Text.RegularExpressions;

namespace AiStackDeployer.Core.Stacks;

/// <summary>A person's own variables for their stack. They are written and never read back: pages see the names alone.</summary>
public static partial class OwnEnvironment
{
    /// <summary>Variables of one stack.</summary>
    public const int Most = 50;

    /// <summary>Characters of one value.</summary>
    public const int LongestValue = 8_000;

    /// <summary>Whether a shell takes it as a name: letters, digits and underscores, at most 100 of them.</summary>
    public static bool IsName(string name) => Name().IsMatch(name);

    /// <returns>Encrypted; empty where there are none.</returns>
    public static string Protect(IReadOnlyDictionary<string, string> variables, ISecretProtector secrets) =>
        variables.Count == 0 ? "" : secrets.Protect(JsonSerializer.Serialize(new Dictionary<string, string>(variables)));

    /// <exception cref="SecretUnreadableException">The key that encrypted it is gone.</exception>
    public static IReadOnlyDictionary<string, string> Read(string? isProtected, ISecretProtector secrets) => isProtected is null
        ? new Dictionary<string, string>()
        : JsonSerializer.Deserialize<Dictionary<string, string>>(secrets.Unprotect(isProtected))!;

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]{0,99}\z")]
    private static partial Regex Name();
}
