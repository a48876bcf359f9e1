using System.Text.Json;
using AiStackDeployer.Core.Http;

namespace AiStackDeployer.Core.Dokploy;

/// <summary>
/// Dokploy's error body, read only as far as it is safe to: code, path and the names of refused members. The message is
/// looked at to tell two meanings of one status apart and then dropped.
/// </summary>
internal sealed record DokployErrorBody(string? Code, string? Message, bool NamesAPath, bool HasIssues, string? Diagnostic)
{
    /// <summary>Null when the body is not a JSON object: it then comes from a proxy, or from before Dokploy's API layer.</summary>
    public static DokployErrorBody? Parse(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                return null;
            }
            var code = ErrorJson.Identifier(ErrorJson.Text(root, "code"));
            var issues = ErrorJson.Member(root, "issues");
            return new DokployErrorBody(
                code,
                ErrorJson.Text(root, "message"),
                ErrorJson.Member(root, "data") is { } data && ErrorJson.Text(data, "path") is not null,
                issues is { ValueKind: JsonValueKind.Array },
                ErrorJson.Describe(code, ErrorJson.Items(issues).Select(issue => PathOf(ErrorJson.Member(issue, "path")))));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string PathOf(JsonElement? path) =>
        string.Join(".", ErrorJson.Items(path).Select(part => ErrorJson.Identifier(part.ToString())));
}

/// <summary>Classifies a status and a body, except a 401, for which the database has to be checked.</summary>
internal static class DokployErrors
{
    public static DokployException From(string call, bool changes, int status, byte[] body)
    {
        var error = DokployErrorBody.Parse(body);
        var kind = Kind(call, status, body, error);
        return new DokployException(kind, call)
        {
            HttpStatus = status,
            MayHaveHappened = changes && (status >= 500 || status == 408),
            Diagnostic = error?.Diagnostic,
            // A missing object's error names the path of the call that looked for it; a missing call has none to name.
            CallIsMissing = status == 404 && error is { Code: "NOT_FOUND", NamesAPath: false, Message: "Not found" },
        };
    }

    /// <summary>
    /// A 401 that says nothing but "unauthorized": refused at the gate (no code), or at the second check of the key
    /// when its rate limit ended between the two. Permission failures carry a sentence instead.
    /// </summary>
    public static bool IsAboutTheKey(byte[] body) =>
        DokployErrorBody.Parse(body) is not { Code: not null } error
        || string.Equals(error.Message, error.Code, StringComparison.OrdinalIgnoreCase);

    private static DokployFault Kind(string call, int status, byte[] body, DokployErrorBody? error) => status switch
    {
        408 => DokployFault.TimedOut,
        429 => DokployFault.RateLimited,
        >= 500 => DokployFault.ServerError,
        // A proxy's own: its 404 (the route to Dokploy is gone) must not pass for "the object is gone", nor its 403 for a missing right.
        >= 400 when error is not { Code: not null } => IsOfTheBodyReader(body) ? DokployFault.InvalidRequest : DokployFault.Unreadable,
        404 => error is { Code: "NOT_FOUND" } ? DokployFault.NotFound : DokployFault.Unreadable,
        400 when IsDeniedCreate(call, error) => DokployFault.PermissionDenied,
        400 => error is { HasIssues: true } ? DokployFault.InvalidRequest : DokployFault.Rejected,
        401 or 403 => DokployFault.PermissionDenied,
        409 => DokployFault.Rejected,
        >= 400 => DokployFault.InvalidRequest,
        _ => DokployFault.Unreadable,
    };

    /// <summary>The two refusals that Dokploy writes as plain text, before its API layer sees the request.</summary>
    private static bool IsOfTheBodyReader(byte[] body) =>
        body.AsSpan().SequenceEqual("Invalid JSON"u8) || body.AsSpan().SequenceEqual("Body exceeded 1mb limit"u8);

    // project.create alone answers a missing right with 400. Were the sentence to change, it would only read "rejected".
    private static bool IsDeniedCreate(string call, DokployErrorBody? error) =>
        call == "project.create"
        && error is { HasIssues: false, Message: { } message }
        && message.StartsWith("Error creating the project: unauthorized", StringComparison.OrdinalIgnoreCase);
}
