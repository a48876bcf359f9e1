using System.Text.Json.Nodes;

namespace AiStackDeployer.DokployEmulator.Api;

/// <summary>Dokploy's inner transport, of which only the public health procedure is emulated.</summary>
internal static class Trpc
{
    public static Reply Answer(bool isHealth, string procedure, bool databaseDown)
    {
        if (!isHealth)
        {
            return Error(404, -32004, "NOT_FOUND", $"No procedure found on path \"{procedure}\"", procedure);
        }

        return databaseDown
            ? Error(500, -32603, "INTERNAL_SERVER_ERROR", "Failed query: SELECT 1\nparams: ", "settings.health")
            : new Reply(200, Reply.Json, Reply.Bytes(Envelope("result", "data", new JsonObject { ["json"] = new JsonObject { ["status"] = "ok" } })));
    }

    private static Reply Error(int status, int number, string code, string message, string procedure) => new(status, Reply.Json, Reply.Bytes(Envelope("error", "json", new JsonObject
    {
        ["message"] = message,
        ["code"] = number,
        ["data"] = new JsonObject { ["code"] = code, ["httpStatus"] = status, ["path"] = procedure, ["zodError"] = null },
    })));

    private static JsonObject Envelope(string outer, string inner, JsonNode content) => new() { [outer] = new JsonObject { [inner] = content } };
}
