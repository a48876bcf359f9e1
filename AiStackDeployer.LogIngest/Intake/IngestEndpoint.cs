using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AiStackDeployer.Contract;
using AiStackDeployer.LogIngest.Diagnostics;
using AiStackDeployer.LogIngest.Pipeline;
using AiStackDeployer.LogIngest.Settings;
using AiStackDeployer.LogIngest.Stacks;

namespace AiStackDeployer.LogIngest.Intake;

/// <summary><c>POST /ingest</c>. Nobody waits here for Loki or a disk: what is accepted is in the queue, and what does not fit is refused.</summary>
internal sealed class IngestEndpoint(
    IngestSettings settings, IngestLimits limits, StackList stacks, StackRates rates, BodyReader bodies, EventReader reader, EntryQueue queue,
    IngestMetrics metrics, IHostApplicationLifetime lifetime)
{
    private const string Bearer = "Bearer ";

    private static readonly TimeSpan QueuePause = TimeSpan.FromSeconds(5);

    private readonly byte[] _keyHash = SHA256.HashData(Encoding.UTF8.GetBytes(settings.Key));

    public async Task HandleAsync(HttpContext context)
    {
        var (answer, refusal) = await TakeAsync(context);
        if (refusal is not null)
        {
            await refusal.WriteAsync(context);
            return;
        }
        context.Response.StatusCode = StatusCodes.Status202Accepted;
        context.Response.ContentType = "application/json";
        await JsonSerializer.SerializeAsync(context.Response.Body, answer!, LogJsonContext.Default.LogBatchAnswer, CancellationToken.None);
    }

    /// <summary>The portal's own key, compared in constant time.</summary>
    public bool IsPortal(HttpContext context) => Token(context) is { } token && IsPortal(token);

    private async Task<(LogBatchAnswer? Answer, Refusal? Refusal)> TakeAsync(HttpContext context)
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return (null, Refusal.Stopping);
        }
        if (Token(context) is not { } token)
        {
            return (null, Refusal.Unknown);
        }
        if (IsPortal(token))
        {
            return await ReadAsync(context, null);
        }
        if (await stacks.FindAsync(token, context.RequestAborted) is not { } stack)
        {
            return (null, Refusal.Unknown);
        }
        using var lease = rates.Request(stack);
        return lease.IsAcquired
            ? await ReadAsync(context, stack)
            : (null, new Refusal(StatusCodes.Status429TooManyRequests, "This stack sends too many requests.", StackRates.RetryAfter(lease)));
    }

    private async Task<(LogBatchAnswer? Answer, Refusal? Refusal)> ReadAsync(HttpContext context, string? stack)
    {
        var (read, refusal) = await bodies.ReadAsync(context, lifetime.ApplicationStopping);
        if (read is null)
        {
            return (null, refusal);
        }
        using var body = read;
        try
        {
            using var document = JsonDocument.Parse(body.Memory, new JsonDocumentOptions { MaxDepth = 16 });
            return Accept(document.RootElement, stack);
        }
        catch (JsonException)
        {
            return (null, new Refusal(StatusCodes.Status400BadRequest, "The body is no JSON."));
        }
    }

    private (LogBatchAnswer? Answer, Refusal? Refusal) Accept(JsonElement root, string? stack)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            return (null, new Refusal(StatusCodes.Status400BadRequest, "The body must be an event, or an object with events."));
        }
        var isBatch = root.TryGetProperty("events", out var events);
        if (isBatch && events.ValueKind != JsonValueKind.Array)
        {
            return (null, new Refusal(StatusCodes.Status400BadRequest, "events must be an array."));
        }
        var count = isBatch ? events.GetArrayLength() : 1;
        if (count > limits.MostEvents)
        {
            return (null, new Refusal(StatusCodes.Status413PayloadTooLarge, $"At most {limits.MostEvents} events can be sent at a time."));
        }
        if (stack is not null && count > 0)
        {
            using var lease = rates.Events(stack, count);
            if (!lease.IsAcquired)
            {
                return (null, new Refusal(StatusCodes.Status429TooManyRequests, "This stack sends too many events.", StackRates.RetryAfter(lease)));
            }
        }
        var (entries, rejected) = reader.Read(isBatch ? events.EnumerateArray() : [root], stack);
        foreach (var stream in entries.GroupBy(e => e.Stream))
        {
            var added = queue.TryAdd([.. stream], out var evicted);
            metrics.Dropped.Add(DropReason.QueueFull, evicted);
            if (added != Added.All)
            {
                // Streams before it stay: sent again, they are the same entries.
                return (null, added == Added.Closed ? Refusal.Stopping : new Refusal(StatusCodes.Status429TooManyRequests, "The queue is full.", QueuePause));
            }
            metrics.Accepted.Add(stream.Key.Source, stream.Count());
        }
        metrics.Dropped.Add(DropReason.Invalid, rejected.Count);
        return (new LogBatchAnswer(entries.Count, rejected), null);
    }

    private bool IsPortal(string token) => CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(token)), _keyHash);

    private static string? Token(HttpContext context) =>
        context.Request.Headers.Authorization.ToString() is { Length: > 7 and < 1_000 } header && header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            ? header[Bearer.Length..].Trim()
            : null;
}
