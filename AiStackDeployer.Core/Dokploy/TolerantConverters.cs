using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiStackDeployer.Core.Dokploy;

/// <summary>
/// Reads a Dokploy or Docker state text (<c>rollback_completed</c>) into the enum member of that name, underscores and
/// case aside. A text that a later version added becomes the zero member, which is Unknown in every enum here.
/// </summary>
internal sealed class TolerantEnumConverter<T> : JsonConverter<T>
    where T : struct, Enum
{
    private static readonly Dictionary<string, T> ByText =
        Enum.GetValues<T>().ToDictionary(value => value.ToString(), StringComparer.OrdinalIgnoreCase);

    public static T Parse(string? text) =>
        text is not null && ByText.TryGetValue(text.Replace("_", "", StringComparison.Ordinal), out var value) ? value : default;

    public override bool HandleNull => true;

    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return Parse(reader.GetString());
        }

        reader.Skip();
        return default;
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString().ToLowerInvariant());
}

/// <summary>An ISO 8601 text or milliseconds since 1970; anything else is no time, not a reason to refuse the whole answer.</summary>
internal sealed class TolerantTimeConverter : JsonConverter<DateTimeOffset?>
{
    private const long LastMillisecond = 253_402_300_799_999;

    public override bool HandleNull => true;

    public override DateTimeOffset? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                return DateTimeOffset.TryParse(reader.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
                    ? time
                    : null;
            case JsonTokenType.Number:
                return reader.TryGetInt64(out var milliseconds) && milliseconds is >= 0 and <= LastMillisecond
                    ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
                    : null;
            default:
                reader.Skip();
                return null;
        }
    }

    public override void Write(Utf8JsonWriter writer, DateTimeOffset? value, JsonSerializerOptions options) =>
        throw new NotSupportedException("Times are only ever read from Dokploy.");
}
