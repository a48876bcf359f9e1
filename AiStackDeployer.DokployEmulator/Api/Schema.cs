using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace AiStackDeployer.DokployEmulator.Api;

internal enum FieldKind
{
    Text,
    Number,
    Boolean,
    Choice,
    TextList,
    Anything,
}

/// <summary>
/// A member of an input. Numbers and booleans are coerced from strings the JavaScript way, so the string "false" is true.
/// </summary>
internal sealed record Field(string Name, FieldKind Kind = FieldKind.Text)
{
    public bool Required { get; init; } = true;
    public bool Nullable { get; init; }
    public int? Min { get; init; }
    public int? Max { get; init; }
    public string? MinMessage { get; init; }
    public Regex? Pattern { get; init; }
    public string? PatternMessage { get; init; }

    /// <summary>A rule in code instead of an expression, reported as "custom": the message for a text that breaks it.</summary>
    public Func<string, string?>? Rule { get; init; }
    public string[] Choices { get; init; } = [];

    public Field Optional() => this with { Required = false };

    public Field OrNull() => this with { Nullable = true };

    /// <summary>The coerced value; problems go to <paramref name="issues"/>.</summary>
    public JsonNode? Read(JsonNode? raw, bool present, List<Issue> issues)
    {
        if (!present || raw is null)
        {
            var missing = present ? "null" : "undefined";
            if (present ? !Nullable : Required)
            {
                // A required member that may be null is a different rule in zod, with other words.
                var expected = !present && Nullable ? "nonoptional" : Expected;
                issues.Add(Kind is FieldKind.Choice && expected != "nonoptional" ? BadChoice() : WrongType(expected, missing));
            }

            return null;
        }

        return Kind switch
        {
            FieldKind.Text => Text(raw, issues),
            FieldKind.Number => Number(raw, issues),
            FieldKind.Boolean => JsonValue.Create(Truthy(raw)),
            FieldKind.Choice => Choice(raw, issues),
            FieldKind.TextList when raw is JsonArray list && list.All(i => i?.GetValueKind() is JsonValueKind.String) => raw.DeepClone(),
            FieldKind.TextList => Wrong(raw, issues),
            _ => raw.DeepClone(),
        };
    }

    private string Expected => Kind switch
    {
        FieldKind.Text => "string",
        FieldKind.Number => "number",
        FieldKind.Boolean => "boolean",
        FieldKind.TextList => "array",
        FieldKind.Choice => "string",
        _ => "object",
    };

    private JsonNode? Text(JsonNode raw, List<Issue> issues)
    {
        if (raw.GetValueKind() is not JsonValueKind.String)
        {
            return Wrong(raw, issues);
        }

        var text = raw.GetValue<string>();
        if (text.Length < Min)
        {
            issues.Add(Size("too_small", "minimum", Min.Value, MinMessage ?? $"Too small: expected string to have >={Min} characters"));
        }
        else if (text.Length > Max)
        {
            issues.Add(Size("too_big", "maximum", Max.Value, $"Too big: expected string to have <={Max} characters"));
        }
        else if (Pattern is not null && !Pattern.IsMatch(text))
        {
            issues.Add(new Issue(Name, PatternMessage!, new JsonObject
            {
                ["origin"] = "string", ["code"] = "invalid_format", ["format"] = "regex", ["pattern"] = $"/{Pattern}/",
            }));
        }
        else if (Rule?.Invoke(text) is { } broken)
        {
            issues.Add(new Issue(Name, broken, new JsonObject { ["code"] = "custom" }));
        }

        return JsonValue.Create(text);
    }

    private JsonValue? Number(JsonNode raw, List<Issue> issues)
    {
        var number = raw.GetValueKind() switch
        {
            JsonValueKind.Number => raw.GetValue<double>(),
            JsonValueKind.True => 1,
            JsonValueKind.False => 0,
            JsonValueKind.String => raw.GetValue<string>().Trim() is var text && text.Length == 0 ? 0
                : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed) ? parsed : double.NaN,
            _ => double.NaN,
        };
        if (double.IsNaN(number))
        {
            issues.Add(WrongType("number", "NaN"));
            return null;
        }

        if (number != Math.Floor(number) || number is < int.MinValue or > int.MaxValue)
        {
            issues.Add(WrongType("int", "number"));
            return null;
        }

        if (number < Min)
        {
            issues.Add(Size("too_small", "minimum", Min.Value, MinMessage ?? $"Too small: expected number to be >={Min}"));
        }
        else if (number > Max)
        {
            issues.Add(Size("too_big", "maximum", Max.Value, $"Too big: expected number to be <={Max}"));
        }

        return JsonValue.Create((int)number);
    }

    private JsonNode? Choice(JsonNode raw, List<Issue> issues)
    {
        if (raw.GetValueKind() is JsonValueKind.String && Choices.Contains(raw.GetValue<string>()))
        {
            return raw.DeepClone();
        }

        issues.Add(BadChoice());
        return null;
    }

    private Issue BadChoice() => new(
        Name,
        $"Invalid option: expected one of {string.Join('|', Choices.Select(c => $"\"{c}\""))}",
        new JsonObject { ["code"] = "invalid_value", ["values"] = new JsonArray([.. Choices.Select(c => JsonValue.Create(c))]) });

    private JsonNode? Wrong(JsonNode raw, List<Issue> issues)
    {
        issues.Add(WrongType(Expected, raw.GetValueKind() switch
        {
            JsonValueKind.True or JsonValueKind.False => "boolean",
            var kind => kind.ToString().ToLowerInvariant(),
        }));
        return null;
    }

    private Issue WrongType(string expected, string received) => new(
        Name,
        $"Invalid input: expected {expected}, received {received}",
        expected == "nonoptional"
            ? new JsonObject { ["code"] = "invalid_type", ["expected"] = expected }
            : new JsonObject { ["expected"] = expected, ["code"] = "invalid_type" });

    private Issue Size(string code, string bound, int value, string message) => new(Name, message, new JsonObject
    {
        ["origin"] = Kind is FieldKind.Number ? "number" : "string", ["code"] = code, [bound] = value, ["inclusive"] = true,
    });

    private static bool Truthy(JsonNode raw) => raw.GetValueKind() switch
    {
        JsonValueKind.False => false,
        JsonValueKind.String => raw.GetValue<string>().Length > 0,
        JsonValueKind.Number => raw.GetValue<double>() != 0,
        _ => true,
    };
}

/// <summary>The members a procedure takes. Unknown ones are dropped without a word.</summary>
internal sealed record Schema(params Field[] Fields)
{
    /// <exception cref="ApiError">400 with one issue for every broken rule.</exception>
    public Input Read(JsonNode? raw)
    {
        var from = raw as JsonObject ?? [];
        var issues = new List<Issue>();
        var values = new Dictionary<string, JsonNode?>(StringComparer.Ordinal);
        foreach (var field in Fields)
        {
            var present = from.TryGetPropertyValue(field.Name, out var value);
            var read = field.Read(value, present, issues);
            if (present)
            {
                values[field.Name] = read;
            }
        }

        return issues.Count > 0 ? throw ApiError.Invalid(issues) : new Input(values);
    }
}

/// <summary>An input that kept the rules: only known members, coerced.</summary>
internal sealed class Input(Dictionary<string, JsonNode?> values)
{
    public IReadOnlyDictionary<string, JsonNode?> Values => values;
    public bool Has(string name) => values.ContainsKey(name);
    public string? Text(string name) => values.GetValueOrDefault(name)?.GetValue<string>();
    public int? Number(string name) => values.GetValueOrDefault(name)?.GetValue<int>();
    public bool? Flag(string name) => values.GetValueOrDefault(name)?.GetValue<bool>();
    public bool HasNul => values.Values.Any(v => v?.GetValueKind() is JsonValueKind.String && v.GetValue<string>().Contains('\0'));
}
