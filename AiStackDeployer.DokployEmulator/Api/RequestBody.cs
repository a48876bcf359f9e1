using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AiStackDeployer.DokployEmulator.Api;

/// <summary>The body of a request as Dokploy's server takes it, before any key is looked at.</summary>
internal sealed record RequestBody(string Text, JsonNode? Json, BodyProblem Problem)
{
    private const int Limit = 1024 * 1024;
    private const int SaneDepth = 500;

    public static async Task<RequestBody> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        using var buffer = new MemoryStream();
        var chunk = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(chunk, cancellationToken)) > 0)
        {
            buffer.Write(chunk, 0, read);
            if (buffer.Length > Limit)
            {
                return new RequestBody("", null, BodyProblem.TooLarge);
            }
        }

        // Bytes that are no UTF-8 become U+FFFD, as in JavaScript.
        var text = Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
        var isJson = request.ContentType?.Split(';')[0].Trim().Equals("application/json", StringComparison.OrdinalIgnoreCase) == true;
        return isJson && text.Length > 0 ? Parse(text) : new RequestBody(text, null, BodyProblem.None);
    }

    private static RequestBody Parse(string text)
    {
        try
        {
            return new RequestBody(text, JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { MaxDepth = SaneDepth }), BodyProblem.None);
        }
        catch (JsonException)
        {
            return new RequestBody(text, null, IsDeepJson(text) ? BodyProblem.TooDeep : BodyProblem.NotJson);
        }
    }

    private static bool IsDeepJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = Limit });
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}

internal enum BodyProblem
{
    None,
    NotJson,
    TooDeep,
    TooLarge,
}
