using System.Text.Json;

namespace AiStackDeployer.Core.Http;

/// <summary>Reads error bodies of other companies' APIs without ever repeating free text of theirs.</summary>
internal static class ErrorJson
{
    private const int MaxMembers = 6;

    public static JsonElement? Member(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var member) ? member : null;

    public static string? Text(JsonElement parent, string name) =>
        Member(parent, name) is { ValueKind: JsonValueKind.String } member ? member.GetString() : null;

    public static IEnumerable<JsonElement> Items(JsonElement? array) =>
        array is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

    /// <summary>Codes and member names are identifiers; anything else becomes null.</summary>
    public static string? Identifier(string? text) =>
        text is { Length: > 0 and <= 60 } && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.') ? text : null;

    /// <summary>The code and the first refused members, for logs.</summary>
    public static string? Describe(string? code, IEnumerable<string?> refusedMembers)
    {
        var members = string.Join(", ", refusedMembers.Where(member => !string.IsNullOrEmpty(member)).Distinct().Take(MaxMembers));
        return (code, members) switch
        {
            (_, "") => code,
            (null, _) => $"members: {members}",
            _ => $"{code}; members: {members}",
        };
    }
}
