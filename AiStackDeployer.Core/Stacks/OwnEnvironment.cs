using System.Text;
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

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Whether a shell takes it as a name: letters, digits and underscores, at most 100 of them.</summary>
    public static bool IsName(string name) => Name().IsMatch(name);

    /// <summary>What is wrong with a variable; null = nothing is.</summary>
    public static EnvironmentFault? FaultOf(string name, string value) =>
        // __proto__ would set up the object of Dokploy's parser instead of a variable.
        !IsName(name) || name == "__proto__" ? EnvironmentFault.Name
        : StackEnvironment.Names.Contains(name) ? EnvironmentFault.Reserved
        : value.Length > LongestValue ? EnvironmentFault.TooLong
        : !CanBePassedOn(value) ? EnvironmentFault.Value
        : null;

    /// <summary>The first of these variables that a stack cannot have, and why; null = it can have all of them.</summary>
    public static EnvironmentRefusal? RefusalOf(IReadOnlyDictionary<string, string> variables) =>
        variables.OrderBy(variable => variable.Key, StringComparer.Ordinal)
            .Select(variable => FaultOf(variable.Key, variable.Value) is { } fault ? new EnvironmentRefusal(fault, variable.Key) : null)
            .FirstOrDefault(refusal => refusal is not null)
        ?? (variables.Count > Most ? new EnvironmentRefusal(EnvironmentFault.TooMany, null) : null);

    /// <summary>What a stack has after a change: all that the change does not name stays.</summary>
    public static IReadOnlyDictionary<string, string> Merge(IReadOnlyDictionary<string, string> before, EnvironmentChange change)
    {
        var after = new Dictionary<string, string>(before);
        foreach (var name in change.Removed)
        {
            after.Remove(name);
        }
        foreach (var (name, value) in change.Set)
        {
            after[name] = value;
        }
        return after;
    }

    /// <returns>Encrypted; empty where there are none.</returns>
    public static string Protect(IReadOnlyDictionary<string, string> variables, ISecretProtector secrets) =>
        variables.Count == 0 ? "" : secrets.Protect(JsonSerializer.Serialize(new Dictionary<string, string>(variables)));

    /// <exception cref="SecretUnreadableException">The key that encrypted it is gone.</exception>
    public static IReadOnlyDictionary<string, string> Read(string? isProtected, ISecretProtector secrets) => isProtected is null
        ? new Dictionary<string, string>()
        : JsonSerializer.Deserialize<Dictionary<string, string>>(secrets.Unprotect(isProtected))!;

    /// <summary>
    /// Dokploy takes variables as dotenv text, which cannot carry everything. This is a little stricter than what writes that text
    /// (DotEnv), so that it can be said in one sentence.
    /// </summary>
    private static bool CanBePassedOn(string value)
    {
        if (value.EndsWith('\\') || value.AsSpan().IndexOfAny('\0', '\r') >= 0 || (value.Contains('\'') && value.Contains('`'))
            || value.Contains("${{", StringComparison.Ordinal))
        {
            return false;
        }
        try
        {
            Strict.GetByteCount(value);
            return true;
        }
        catch (EncoderFallbackException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]{0,99}\z")]
    private static partial Regex Name();
}

/// <summary>What a person changes of their variables.</summary>
/// <param name="Set">New ones, and new values of old ones.</param>
public sealed record EnvironmentChange(IReadOnlyDictionary<string, string> Set, IReadOnlyCollection<string> Removed)
{
    /// <summary>Without the values: a record's own text would print them.</summary>
    public override string ToString() => nameof(EnvironmentChange);
}

/// <summary>Why a stack cannot have a variable.</summary>
public enum EnvironmentFault
{
    /// <summary>It is no name of a variable.</summary>
    Name,

    /// <summary>The portal sets it in every stack.</summary>
    Reserved,

    /// <summary>The value has more than <see cref="OwnEnvironment.LongestValue"/> characters.</summary>
    TooLong,

    /// <summary>The value holds what Dokploy does not pass on as it is.</summary>
    Value,

    /// <summary>There would be more than <see cref="OwnEnvironment.Most"/>.</summary>
    TooMany,
}

/// <param name="Name">The variable; null = it is about all of them.</param>
public sealed record EnvironmentRefusal(EnvironmentFault Fault, string? Name);
