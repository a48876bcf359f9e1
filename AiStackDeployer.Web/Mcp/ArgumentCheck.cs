using System.Globalization;
using System.Text.Json;

namespace AiStackDeployer.Web.Mcp;

/// <summary>
/// What is wrong with a call's arguments, in a sentence that names the argument and what it takes. Knows the parts of JSON Schema
/// that our tools use; the schema a model read is the one it is held to.
/// </summary>
internal static class ArgumentCheck
{
    /// <returns>Null when they fit.</returns>
    public static string? Of(JsonElement schema, IDictionary<string, JsonElement>? arguments)
    {
        var known = schema.TryGetProperty("properties", out var properties)
            ? properties.EnumerateObject().ToDictionary(p => p.Name, p => p.Value)
            : [];
        if (schema.TryGetProperty("required", out var required)
            && required.EnumerateArray().Select(r => r.GetString()!).FirstOrDefault(r => !IsGiven(arguments, r)) is { } missing)
        {
            return $"The argument {missing} is missing.";
        }
        foreach (var (name, value) in arguments ?? new Dictionary<string, JsonElement>())
        {
            if (!known.TryGetValue(name, out var wanted))
            {
                return $"There is no such argument as the one given. The arguments are: {string.Join(", ", known.Keys)}.";
            }
            if (value.ValueKind != JsonValueKind.Null && Of(wanted, value) is { } fault)
            {
                return $"The argument {name} {fault}.";
            }
        }
        return null;
    }

    // Null is how some clients leave an argument out.
    private static bool IsGiven(IDictionary<string, JsonElement>? arguments, string name) =>
        arguments?.TryGetValue(name, out var value) == true && value.ValueKind != JsonValueKind.Null;

    private static string? Of(JsonElement wanted, JsonElement value) => wanted.GetProperty("type").GetString() switch
    {
        "string" when value.ValueKind != JsonValueKind.String => "must be a string",
        "string" when Number(wanted, "minLength") is { } least && value.GetString()!.Length < least => $"needs at least {Text(least)} characters",
        "string" when Number(wanted, "maxLength") is { } most && value.GetString()!.Length > most => $"may have at most {Text(most)} characters",
        "boolean" when value.ValueKind is not (JsonValueKind.True or JsonValueKind.False) => "must be true or false",
        "integer" when value.ValueKind != JsonValueKind.Number || !value.TryGetInt32(out _) => "must be a whole number",
        "integer" when Number(wanted, "minimum") is { } least && value.GetInt32() < least => $"must be at least {Text(least)}",
        "integer" when Number(wanted, "maximum") is { } most && value.GetInt32() > most => $"must be at most {Text(most)}",
        _ => null,
    };

    private static int? Number(JsonElement schema, string member) => schema.TryGetProperty(member, out var value) ? value.GetInt32() : null;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
