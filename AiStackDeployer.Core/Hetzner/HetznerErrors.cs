using System.Text.Json;
using AiStackDeployer.Core.Http;

namespace AiStackDeployer.Core.Hetzner;

/// <summary>
/// Classifies a status and a body <c>{"error":{"code","message","details"}}</c>. Codes and statuses are those of the
/// table "Error Codes" in Hetzner's reference (docs.hetzner.cloud/reference/cloud), plus <c>incorrect_zone_mode</c>, which it
/// names at each call on record sets. The message is never read.
/// </summary>
internal static class HetznerErrors
{
    public static HetznerException From(string call, bool changes, int status, byte[] body)
    {
        var (code, diagnostic) = Read(body);
        return new HetznerException(Kind(status, code), call)
        {
            HttpStatus = status,
            MayHaveHappened = changes && (status >= 500 || status == 408),
            Diagnostic = diagnostic,
            IsReadOnlyToken = code == "token_readonly",
        };
    }

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
        // A proxy's own 403 says nothing about the token, and its 404 must not pass for "the record set does not exist".
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

    private static (string? Code, string? Diagnostic) Read(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            if (ErrorJson.Member(document.RootElement, "error") is not { } error)
            {
                return (null, null);
            }
            var code = ErrorJson.Identifier(ErrorJson.Text(error, "code"));
            var fields = ErrorJson.Member(error, "details") is { } details ? ErrorJson.Items(ErrorJson.Member(details, "fields")) : [];
            return (code, code is null ? null : ErrorJson.Describe(code, fields.Select(field => ErrorJson.Identifier(ErrorJson.Text(field, "name")))));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not JSON, or not UTF-8 inside it: from a proxy.
            return (null, null);
        }
    }
}
