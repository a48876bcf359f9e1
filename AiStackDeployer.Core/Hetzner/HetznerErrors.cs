using System.Text.Json;

namespace AiStackDeployer.Core.Hetzner;

/// <summary>
/// Reads meaning out of a status and a body <c>{"error":{"code","message","details"}}</c>. Codes and statuses are those of the
/// table "Error Codes" in Hetzner's reference (docs.hetzner.cloud/reference/cloud), plus <c>incorrect_zone_mode</c>, which it
/// names at each call on record sets. The message is never read.
/// </summary>
internal static class HetznerErrors
{
    private const int MostMembers = 6;

    public static HetznerException From(string call, bool changes, int status, byte[] body)
    {
        var (code, members) = Read(body);
        return new HetznerException(Kind(status, code), call)
        {
            HttpStatus = status,
            MayHaveHappened = changes && (status >= 500 || status == 408),
            Diagnostic = Describe(code, members),
            IsReadOnlyToken = code == "token_readonly",
        };
    }

    /// <summary>Codes are identifiers; whatever is not, is not shown.</summary>
    public static string? Safe(string? text) =>
        text is { Length: > 0 and <= 60 } && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.') ? text : null;

    private static HetznerFault Kind(int status, string? code) => (code, status) switch
    {
        ("unauthorized", _) => HetznerFault.TokenRefused,
        ("token_readonly" or "forbidden", _) => HetznerFault.PermissionDenied,
        ("not_found", _) => HetznerFault.NotFound,
        ("uniqueness_error" or "conflict", _) => HetznerFault.Conflict,
        ("locked", _) => HetznerFault.Locked,
        ("protected", _) => HetznerFault.Protected,
        ("incorrect_zone_mode", _) => HetznerFault.WrongZoneMode,
        ("invalid_input" or "json_error", _) => HetznerFault.Invalid,
        ("rate_limit_exceeded", _) => HetznerFault.RateLimited,
        ("maintenance" or "unavailable" or "server_error" or "timeout" or "bad_gateway", _) => HetznerFault.ServerError,
        (_, 401) => HetznerFault.TokenRefused,
        ("resource_limit_exceeded", _) => HetznerFault.Rejected,
        // A proxy's own 403 is none of the token's, and its 404 must not pass for "the record set is gone".
        (null, 403 or 404) => HetznerFault.Unreadable,
        (_, 403) => HetznerFault.PermissionDenied,
        (_, 404) => HetznerFault.NotFound,
        (_, 408) => HetznerFault.TimedOut,
        (_, 409) => HetznerFault.Conflict,
        (_, 423) => HetznerFault.Locked,
        (_, 429) => HetznerFault.RateLimited,
        (_, 400) or (null, 422) => HetznerFault.Invalid,
        (_, >= 500) => HetznerFault.ServerError,
        (_, >= 400) => HetznerFault.Rejected,
        _ => HetznerFault.Unreadable,
    };

    private static (string? Code, IReadOnlyList<string> Members) Read(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            if (Member(document.RootElement, "error") is not { } error)
            {
                return (null, []);
            }
            return (Safe(Text(error, "code")), RefusedMembers(error));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not JSON, or not UTF-8 inside it: from a proxy.
            return (null, []);
        }
    }

    private static List<string> RefusedMembers(JsonElement error) =>
        Member(error, "details") is { } details && Member(details, "fields") is { ValueKind: JsonValueKind.Array } fields
            ? [.. fields.EnumerateArray().Select(field => Safe(Text(field, "name"))).OfType<string>().Distinct().Take(MostMembers)]
            : [];

    private static string? Describe(string? code, IReadOnlyList<string> members) => (code, members.Count) switch
    {
        (null, _) => null,
        (_, 0) => code,
        _ => $"{code}; members: {string.Join(", ", members)}",
    };

    private static JsonElement? Member(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var member) ? member : null;

    private static string? Text(JsonElement parent, string name) =>
        Member(parent, name) is { ValueKind: JsonValueKind.String } member ? member.GetString() : null;
}
