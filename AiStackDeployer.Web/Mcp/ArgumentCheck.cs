using System.Globalization;
using System.Text.Json;

namespace AiStackDeployer.Web.Mcp;

/// <summary>
/// What is wrong with a call's arguments, in a sentence that names the argument and what it takes. Knows the parts of JSON Schema
/// that our tools use; the schema a model read is the one it is held to, and a client that cannot correct itself is met halfway.
/// </summary>
internal static class ArgumentCheck
{
    /// <summary>
    /// Brings the arguments into the form that the SDK takes: without what the tool does not know (clients add ids of their own) and
    /// without nulls (how some leave one out), and with numbers and truth values that came as text or as 5.0.
    /// </summary>
    /// <returns>Null when they fit.</returns>
    public static string? Fit(JsonElement schema, IDictionary<string, JsonElement>? arguments)
    {
        arguments ??= new Dictionary<string, JsonElement>();
        var known = schema.TryGetProperty("properties", out var properties)
            ? properties.EnumerateObject().ToDictionary(p => p.Name, p => p.Value)
            : [];
        foreach (var (name, value) in arguments.ToList())
        {
            if (known.TryGetValue(name, out var wanted) && value.ValueKind != JsonValueKind.Null)
            {
                arguments[name] = InForm(TypeOf(wanted), value);
            }
            else
            {
                arguments.Remove(name);
            }
        }
        if (schema.TryGetProperty("required", out var required)
            && required.EnumerateArray().Select(r => r.GetString()!).FirstOrDefault(r => !arguments.ContainsKey(r)) is { } missing)
        {
            return $"The argument {missing} is missing.";
        }
        return arguments.Select(argument => Fault(known[argument.Key], argument.Value) is { } fault ? $"The argument {argument.Key} {fault}." : null)
            .FirstOrDefault(fault => fault is not null);
    }

    private static JsonElement InForm(string? type, JsonElement value) => type switch
    {
        "integer" when Whole(value) is { } number and >= int.MinValue and <= int.MaxValue => JsonSerializer.SerializeToElement((int)number, ToolResultsJson.Options),
        "boolean" when value.ValueKind == JsonValueKind.String && bool.TryParse(value.GetString(), out var truth) =>
            JsonSerializer.SerializeToElement(truth, ToolResultsJson.Options),
        _ => value,
    };

    private static string? Fault(JsonElement wanted, JsonElement value) => TypeOf(wanted) switch
    {
        "string" when value.ValueKind != JsonValueKind.String => "must be a string",
        // JSON Schema counts characters, not halves of them.
        "string" when Number(wanted, "minLength") is { } least && value.GetString()!.EnumerateRunes().Count() < least => $"needs at least {Text(least)} characters",
        "string" when Number(wanted, "maxLength") is { } most && value.GetString()!.EnumerateRunes().Count() > most => $"may have at most {Text(most)} characters",
        "boolean" when value.ValueKind is not (JsonValueKind.True or JsonValueKind.False) => "must be true or false",
        "integer" when Whole(value) is not { } => "must be a whole number",
        "integer" when Number(wanted, "minimum") is { } least && Whole(value) < least => $"must be at least {Text(least)}",
        "integer" when Whole(value) > (Number(wanted, "maximum") ?? int.MaxValue) => $"must be at most {Text(Number(wanted, "maximum") ?? int.MaxValue)}",
        _ => null,
    };

    /// <summary>5.0 and 5e0 are whole numbers too.</summary>
    private static decimal? Whole(JsonElement value) =>
        value.ValueKind is JsonValueKind.Number or JsonValueKind.String
        && decimal.TryParse(value.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number == decimal.Truncate(number)
            ? number
            : null;

    private static string? TypeOf(JsonElement wanted) => wanted.GetProperty("type").GetString();

    private static int? Number(JsonElement schema, string member) => schema.TryGetProperty(member, out var value) ? value.GetInt32() : null;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
