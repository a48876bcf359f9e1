using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiStackDeployer.LogIngest.Intake;

/// <summary>The answer to a request that is not taken: <c>{"error":"…"}</c>.</summary>
/// <param name="Error">One sentence for whoever wrote the client.</param>
internal sealed record Refusal([property: JsonIgnore] int Status, string Error, [property: JsonIgnore] TimeSpan? RetryAfter = null)
{
    public static Refusal TooLarge { get; } = new(StatusCodes.Status413PayloadTooLarge, "The body is larger than 1 MiB; send fewer events at a time.");

    public static Refusal Stopping { get; } = new(StatusCodes.Status503ServiceUnavailable, "The ingest is stopping.", TimeSpan.FromSeconds(5));

    public static Refusal Unknown { get; } = new(StatusCodes.Status401Unauthorized, "The bearer token is missing, or not one of a stack that exists.");

    public Task WriteAsync(HttpContext context)
    {
        var response = context.Response;
        response.StatusCode = Status;
        if (RetryAfter is { } pause)
        {
            response.Headers.RetryAfter = ((int)Math.Clamp(Math.Ceiling(pause.TotalSeconds), 1, 300)).ToString(CultureInfo.InvariantCulture);
        }
        if (Status == StatusCodes.Status401Unauthorized)
        {
            response.Headers.WWWAuthenticate = "Bearer";
        }
        if (Status is StatusCodes.Status413PayloadTooLarge or StatusCodes.Status408RequestTimeout)
        {
            // The rest of the body is not worth reading.
            response.Headers.Connection = "close";
        }
        response.ContentType = "application/json";
        return response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(this, RefusalJson.Default.Refusal), CancellationToken.None).AsTask();
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Refusal))]
internal sealed partial class RefusalJson : JsonSerializerContext;
