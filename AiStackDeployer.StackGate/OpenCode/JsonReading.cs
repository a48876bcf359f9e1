using System.Text.Json;

namespace AiStackDeployer.StackGate.OpenCode;

/// <summary>Reading JSON that may have any shape: what is not there or is something else is null, and no text is longer than it may be.</summary>
internal static class JsonReading
{
    public static JsonElement? Get(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind is not JsonValueKind.Null ? value : null;

    /// <summary>An identifier; null when it is too long to be one.</summary>
    public static string? Id(this JsonElement element, string name) =>
        element.Get(name) is { ValueKind: JsonValueKind.String } value && value.GetString() is { Length: > 0 and <= 100 } id ? id : null;

    /// <summary>A word such as the name of a model or a tool.</summary>
    public static string? Name(this JsonElement element, string name) => element.Text(name, 100);

    public static string? Text(this JsonElement element, string name, int longest) =>
        element.Get(name) is { ValueKind: JsonValueKind.String } value ? value.GetString().Cut(longest) : null;

    /// <summary>A number as it stands there.</summary>
    public static string? Number(this JsonElement element, string name) =>
        element.Get(name) is { ValueKind: JsonValueKind.Number } value && value.GetRawText() is { Length: <= 40 } number ? number : null;

    /// <summary>Milliseconds, as JavaScript writes them.</summary>
    public static long? Milliseconds(this JsonElement element, string name) =>
        element.Get(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetDouble(out var number) && number is >= 0 and < 1e15 ? (long)number : null;

    public static string? Cut(this string? text, int longest) => text is null || text.Length <= longest ? text : text[..longest];
}
