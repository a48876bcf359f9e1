using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiStackDeployer.Core.Logs;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Tests.TestKit;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AiStackDeployer.Tests.Logs;

/// <summary>The log ingest in the shape that is agreed: takes batches, and answers questions from what it has.</summary>
internal sealed class FakeIngest : IAsyncDisposable
{
    public const string Key = "key-of-the-ingest-that-must-not-be-told";

    private readonly List<JsonObject> _entries = [];
    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _arrivals = new();
    private LoopbackServer _server = null!;

    public Uri Url => new(_server.Url, "ingest");

    public LogIngestOptions Options => new() { Url = Url, Key = Key };

    /// <summary>Questions, without their address.</summary>
    public IReadOnlyList<string> Questions => [.. _server.Requests.Where(r => r.Method == "GET").Select(r => r.Target)];

    public IReadOnlyList<ArrivedRequest> Requests => _server.Requests;

    /// <summary>Instead of an answer.</summary>
    public Func<HttpContext, Task>? Instead { get; set; }

    public static async Task<FakeIngest> StartAsync()
    {
        var ingest = new FakeIngest();
        ingest._server = await LoopbackServer.StartAsync(ingest.AnswerAsync);
        return ingest;
    }

    public static Func<HttpContext, Task> Status(int status, string body = "") => context =>
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync(body, context.RequestAborted);
    };

    public FakeIngest Add(
        string stack, DateTimeOffset at, string? message, string type = "session.status", string level = "info", string source = "opencode", object? attrs = null)
    {
        lock (_lock)
        {
            _entries.Add(new JsonObject
            {
                ["cursor"] = _entries.Count.ToString("D6", CultureInfo.InvariantCulture), ["ts"] = at.ToString("O", CultureInfo.InvariantCulture), ["stack"] = stack,
                ["source"] = source, ["type"] = type, ["level"] = level, ["session_id"] = "ses_1", ["message"] = message,
                ["attrs"] = JsonSerializer.SerializeToNode(attrs ?? new { }),
            });
        }
        return this;
    }

    /// <summary>Completes when an event of this type has been sent.</summary>
    public Task ArrivalAsync(string type) => Arrival(type).Task.WaitAsync(TestContext.Current.CancellationToken);

    /// <summary>Logs of stacks as the product registers them, with this ingest.</summary>
    public ServiceProvider Services(IContainerLog container, TimeProvider time) =>
        new ServiceCollection().AddLogging().AddSingleton(time).AddSingleton(container).AddStackLogs(Options).BuildServiceProvider();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private Task AnswerAsync(HttpContext context, string body)
    {
        if (Instead is { } instead)
        {
            return instead(context);
        }
        if (context.Request.Headers.Authorization != $"Bearer {Key}")
        {
            return Status(401)(context);
        }
        return context.Request.Method == "POST" ? TakeAsync(context, body) : FindAsync(context);
    }

    private Task TakeAsync(HttpContext context, string body)
    {
        var events = JsonNode.Parse(body)!["events"]!.AsArray();
        foreach (var e in events)
        {
            Add((string)e!["stack"]!, (DateTimeOffset)e["ts"]!, (string?)e["message"], (string)e["type"]!, (string)e["level"]!, "portal", e["attrs"]);
            Arrival((string)e["type"]!).TrySetResult();
        }
        context.Response.StatusCode = 202;
        return context.Response.WriteAsJsonAsync(new { accepted = events.Count, rejected = Array.Empty<object>() }, context.RequestAborted);
    }

    private TaskCompletionSource Arrival(string type) => _arrivals.GetOrAdd(type, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

    /// <summary>A cursor, or a time.</summary>
    private static bool IsAfter(JsonObject entry, string place) => place.Contains('T', StringComparison.Ordinal)
        ? DateTimeOffset.Parse((string)entry["ts"]!, CultureInfo.InvariantCulture) > DateTimeOffset.Parse(place, CultureInfo.InvariantCulture)
        : string.CompareOrdinal((string)entry["cursor"]!, place) > 0;

    private Task FindAsync(HttpContext context)
    {
        var query = context.Request.Query;
        List<JsonObject> found;
        lock (_lock)
        {
            found =
            [
                .. _entries.Where(e => (string)e["stack"]! == query["stack"])
                    .Where(e => query["level"].Count == 0 || query["level"].Contains((string)e["level"]!))
                    .Where(e => query["source"].Count == 0 || query["source"].Contains((string)e["source"]!))
                    .Where(e => query["q"].Count == 0 || ((string?)e["message"])?.Contains(query["q"]!, StringComparison.OrdinalIgnoreCase) == true)
                    .Where(e => query["before"].Count == 0 || string.CompareOrdinal((string)e["cursor"]!, query["before"]) < 0)
                    .Where(e => query["after"].Count == 0 || IsAfter(e, query["after"]!))
                    .Select(e => (JsonObject)e.DeepClone()),
            ];
        }
        if (query["after"].Count == 0)
        {
            found.Reverse();
        }
        var limit = int.Parse(query["limit"]!, CultureInfo.InvariantCulture);
        return context.Response.WriteAsJsonAsync(new { entries = found.Take(limit), more = found.Count > limit }, context.RequestAborted);
    }
}

/// <summary>A container's output as a test wrote it; its stacks' secret is <c>sesame</c>.</summary>
internal sealed class FakeContainer : IContainerLog
{
    public List<ContainerLine> Lines { get; } = [];

    public bool IsAway { get; set; }

    public bool KeysAreLost { get; set; }

    public int Reads { get; private set; }

    public Task<IReadOnlyList<ContainerLine>?> ReadLinesAsync(Stack stack, int most, CancellationToken cancellationToken)
    {
        Reads++;
        return Task.FromResult<IReadOnlyList<ContainerLine>?>(IsAway ? null : [.. Lines.TakeLast(most)]);
    }

    public Func<string, string> MaskOf(Stack stack) => KeysAreLost
        ? throw new SecretUnreadableException(new IOException())
        : line => line.Replace("sesame", "•••", StringComparison.Ordinal);
}
