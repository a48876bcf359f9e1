using System.Text.Json.Nodes;

namespace AiStackDeployer.DokployEmulator.Api;

/// <summary>An error answer of a procedure: Dokploy's own envelope with <c>message</c>, <c>code</c> and <c>data</c>.</summary>
internal sealed class ApiError(int status, string code, string message, IReadOnlyList<Issue>? issues = null) : Exception(message)
{
    public int Status => status;

    public static ApiError NotFound(string what) => new(404, "NOT_FOUND", $"{what} not found");
    public static ApiError BadRequest(string message) => new(400, "BAD_REQUEST", message);
    public static ApiError Denied(string message) => new(401, "UNAUTHORIZED", message);
    public static ApiError Internal(string message) => new(500, "INTERNAL_SERVER_ERROR", message);
    public static ApiError Invalid(IReadOnlyList<Issue> issues) => new(400, "BAD_REQUEST", "Input validation failed", issues);

    /// <summary>
    /// What reaches a client when an insert breaks a constraint: the statement with its parameters. A client must
    /// never show it, so the emulator sends one of the same nature.
    /// </summary>
    /// <param name="parameters">By column; null = not given.</param>
    public static ApiError Sql(string prefix, string table, string[] columns, params string?[] parameters)
    {
        var names = string.Join(", ", columns.Select(c => $"\"{c}\""));
        var given = 0;
        var values = string.Join(", ", columns.Select((_, i) => i < parameters.Length && parameters[i] is not null ? $"${++given}" : "default"));
        return BadRequest($"{prefix}Failed query: insert into \"{table}\" ({names}) values ({values}) returning {names}\nparams: {string.Join(',', parameters.Where(p => p is not null))}");
    }

    /// <param name="procedure">Null for a path nobody serves.</param>
    public JsonObject Body(string? procedure)
    {
        var data = new JsonObject { ["code"] = code, ["httpStatus"] = status };
        if (procedure is not null)
        {
            data["path"] = procedure;
        }

        data["zodError"] = issues is null ? null : ZodError(issues);
        var body = new JsonObject { ["message"] = Message, ["code"] = code, ["data"] = data };
        if (issues is not null)
        {
            body["issues"] = new JsonArray([.. issues.Select(i => i.ToJson())]);
        }

        return body;
    }

    private static JsonObject ZodError(IReadOnlyList<Issue> issues)
    {
        var fields = new JsonObject();
        foreach (var member in issues.GroupBy(i => i.Member))
        {
            fields[member.Key] = new JsonArray([.. member.Select(i => JsonValue.Create(i.Message))]);
        }

        return new JsonObject { ["formErrors"] = new JsonArray(), ["fieldErrors"] = fields };
    }
}

/// <summary>One broken rule of an input.</summary>
/// <param name="Details">The rule's own members, which come before path and message.</param>
internal sealed record Issue(string Member, string Message, JsonObject Details)
{
    public JsonObject ToJson()
    {
        var json = (JsonObject)Details.DeepClone();
        json["path"] = new JsonArray(Member);
        json["message"] = Message;
        return json;
    }
}
