using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using AiStackDeployer.Tests.Dokploy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace AiStackDeployer.Tests.Hetzner;

internal sealed record HetznerCall(string Method, string Target, string? Authorization, string Body);

/// <summary>
/// Hetzner's Cloud API for DNS on loopback, in the shapes its reference documents: zones, record sets, pages, actions that run
/// for as many looks as a test says and only then take effect, errors with codes, rate-limit headers.
/// </summary>
internal sealed class FakeHetzner : IAsyncDisposable
{
    public const string Token = "hetzner-token-that-must-not-be-told";

    private readonly WebApplication _app;
    private readonly Lock _lock = new();
    private readonly List<JsonObject> _zones = [];
    private readonly Dictionary<string, List<JsonObject>> _sets = [];
    private readonly Dictionary<long, FakeAction> _actions = [];
    private readonly ConcurrentQueue<HetznerCall> _calls = new();
    private readonly ConcurrentDictionary<string, ConcurrentQueue<Reply>> _instead = new();
    private readonly SemaphoreSlim _arrivals = new(0);

    private FakeHetzner(WebApplication app) => _app = app;

    /// <summary>As an operator would set it, with the version.</summary>
    public Uri Url => new(_app.Urls.Single() + "/v1");

    public IReadOnlyList<HetznerCall> Calls => [.. _calls];

    public IReadOnlyList<HetznerCall> Writes => [.. _calls.Where(call => call.Method != "GET")];

    /// <summary>Entries a page holds at most, less than Hetzner's, so that few make several pages.</summary>
    public int MostPerPage { get; set; } = 50;

    /// <summary>How many looks at an action say that it still runs.</summary>
    public int ActionLooks { get; set; }

    /// <summary>The code with which actions fail; null = they succeed.</summary>
    public string? ActionError { get; set; }

    /// <summary>Actions succeed and change nothing.</summary>
    public bool ForgetsChanges { get; set; }

    public bool TokenIsReadOnly { get; set; }

    public static async Task<FakeHetzner> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(kestrel => kestrel.AddServerHeader = false).UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var server = new FakeHetzner(app);
        app.Use(server.ReceiveAsync);
        app.UseRouting();
        app.MapGet("/v1/zones", (HttpContext context) => server.Page(context, "zones", server._zones));
        app.MapGet("/v1/zones/{zone}", (string zone) => server.OneZone(zone));
        app.MapGet("/v1/zones/{zone}/rrsets", (string zone, HttpContext context) => server.Sets(zone, context));
        app.MapGet("/v1/zones/{zone}/rrsets/{name}/{type}", (string zone, string name, string type) => server.OneSet(zone, name, type));
        app.MapPost("/v1/zones/{zone}/rrsets", (string zone, JsonObject body) => server.Create(zone, body));
        app.MapPost(
            "/v1/zones/{zone}/rrsets/{name}/{type}/actions/set_records",
            (string zone, string name, string type, JsonObject body) => server.SetRecords(zone, name, type, body));
        app.MapGet("/v1/actions/{id:long}", (long id) => server.Look(id));
        app.MapFallback(() => Error(404, "not_found"));
        await app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    public FakeHetzner AddZone(long id, string name, string mode = "primary", string delegation = "valid")
    {
        _zones.Add(new JsonObject
        {
            ["id"] = id, ["name"] = name, ["created"] = "2026-01-30T23:55:00Z", ["mode"] = mode, ["ttl"] = 3600, ["status"] = "ok",
            ["labels"] = new JsonObject(), ["protection"] = new JsonObject { ["delete"] = false }, ["record_count"] = 0, ["registrar"] = "other",
            ["primary_nameservers"] = new JsonArray(),
            ["authoritative_nameservers"] = new JsonObject
            {
                ["assigned"] = new JsonArray("hydrogen.ns.hetzner.com."), ["delegated"] = new JsonArray(), ["delegation_last_check"] = null,
                ["delegation_status"] = delegation,
            },
        });
        _sets[name] = [];
        return this;
    }

    public FakeHetzner AddSet(string zone, string name, string type, int? ttl, params string[] values)
    {
        _sets[zone].Add(Set(zone, name, type, ttl, new JsonArray([.. values.Select(v => (JsonNode)new JsonObject { ["value"] = v, ["comment"] = "by hand" })])));
        return this;
    }

    /// <summary>All record sets of a zone as <c>name type ttl values</c>.</summary>
    public IReadOnlyList<string> SetsOf(string zone)
    {
        lock (_lock)
        {
            return [.. _sets[zone].Select(s => $"{s["name"]} {s["type"]} {s["ttl"]?.ToString() ?? "-"} {string.Join(' ', s["records"]!.AsArray().Select(r => r!["value"]))}")];
        }
    }

    /// <summary>The next requests of a method are answered by these, one each.</summary>
    public FakeHetzner Instead(string method, params Reply[] replies)
    {
        var queue = _instead.GetOrAdd(method, _ => new ConcurrentQueue<Reply>());
        foreach (var reply in replies)
        {
            queue.Enqueue(reply);
        }
        return this;
    }

    /// <summary>Completes once for every request that arrived.</summary>
    public Task ArrivalAsync() => _arrivals.WaitAsync(TestContext.Current.CancellationToken);

    /// <summary>An error as Hetzner sends it; its message must never be shown to anybody.</summary>
    public static Reply Failing(int status, string code, string details = "null") => Replies.Json(
        status, $$$"""{"error":{"code":"{{{code}}}","message":"leaked-parameter","details":{{{details}}}}}""");

    /// <summary>As the reference has it: nothing left now, and all of it back an hour after the last of it was used.</summary>
    /// <param name="limit">Requests an hour, 3600 by default at Hetzner; null = no headers.</param>
    public static Reply RateLimited(int? limit, DateTimeOffset now) => context =>
    {
        if (limit is { } requests)
        {
            context.Response.Headers["RateLimit-Limit"] = requests.ToString(CultureInfo.InvariantCulture);
            context.Response.Headers["RateLimit-Remaining"] = "0";
            context.Response.Headers["RateLimit-Reset"] = now.AddHours(1).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        }
        return Failing(429, "rate_limit_exceeded")(context);
    };

    public async ValueTask DisposeAsync()
    {
        using var atOnce = new CancellationTokenSource();
        await atOnce.CancelAsync();
        await _app.StopAsync(atOnce.Token);
        await _app.DisposeAsync();
        _arrivals.Dispose();
    }

    private async Task ReceiveAsync(HttpContext context, RequestDelegate next)
    {
        context.Request.EnableBuffering();
        using var reader = new StreamReader(context.Request.Body, leaveOpen: true);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        context.Request.Body.Position = 0;
        var authorization = context.Request.Headers.Authorization.SingleOrDefault();
        _calls.Enqueue(new HetznerCall(
            context.Request.Method, context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget, authorization, body));
        _arrivals.Release();
        if (_instead.TryGetValue(context.Request.Method, out var replies) && replies.TryDequeue(out var reply))
        {
            await reply(context);
        }
        else if (authorization != $"Bearer {Token}")
        {
            await Failing(401, "unauthorized")(context);
        }
        else if (TokenIsReadOnly && context.Request.Method != "GET")
        {
            await Failing(401, "token_readonly")(context);
        }
        else
        {
            context.Response.Headers["RateLimit-Limit"] = "3600";
            context.Response.Headers["RateLimit-Remaining"] = "3599";
            context.Response.Headers["RateLimit-Reset"] = "1893553446";
            await next(context);
        }
    }

    private IResult Page(HttpContext context, string member, IReadOnlyList<JsonObject> all)
    {
        var page = int.Parse(context.Request.Query["page"].SingleOrDefault() ?? "1", CultureInfo.InvariantCulture);
        var size = Math.Min(MostPerPage, int.Parse(context.Request.Query["per_page"].SingleOrDefault() ?? "25", CultureInfo.InvariantCulture));
        var last = Math.Max(1, (all.Count + size - 1) / size);
        return Results.Json(new JsonObject
        {
            [member] = new JsonArray([.. all.Skip((page - 1) * size).Take(size).Select(one => one.DeepClone())]),
            ["meta"] = new JsonObject
            {
                ["pagination"] = new JsonObject
                {
                    ["page"] = page, ["per_page"] = size, ["previous_page"] = page == 1 ? null : page - 1,
                    ["next_page"] = page < last ? page + 1 : null, ["last_page"] = last, ["total_entries"] = all.Count,
                },
            },
        });
    }

    private IResult OneZone(string idOrName) =>
        Zone(idOrName) is { } zone ? Results.Json(new JsonObject { ["zone"] = zone.DeepClone() }) : Error(404, "not_found");

    private IResult Sets(string idOrName, HttpContext context)
    {
        if (Zone(idOrName) is not { } zone)
        {
            return Error(404, "not_found");
        }
        if ((string?)zone["mode"] == "secondary")
        {
            return Error(422, "incorrect_zone_mode");
        }
        var (name, types) = (context.Request.Query["name"].SingleOrDefault(), context.Request.Query["type"]);
        lock (_lock)
        {
            return Page(context, "rrsets",
            [
                .. SetsIn(zone).Where(s => (name is null || (string?)s["name"] == name) && (types.Count == 0 || types.Contains((string?)s["type"]))),
            ]);
        }
    }

    private IResult OneSet(string idOrName, string name, string type)
    {
        lock (_lock)
        {
            return Find(idOrName, name, type) is { } set ? Results.Json(new JsonObject { ["rrset"] = set.DeepClone() }) : Error(404, "not_found");
        }
    }

    private IResult Create(string idOrName, JsonObject body)
    {
        lock (_lock)
        {
            if (Zone(idOrName) is not { } zone)
            {
                return Error(404, "not_found");
            }
            var (name, type) = ((string)body["name"]!, (string)body["type"]!);
            if (Find(idOrName, name, type) is not null)
            {
                return Error(409, "uniqueness_error");
            }
            var set = Set((string)zone["name"]!, name, type, (int?)body["ttl"], body["records"]!.DeepClone().AsArray());
            var action = Begin("create_rrset", () => SetsIn(zone).Add(set));
            return Results.Json(new JsonObject { ["rrset"] = set.DeepClone(), ["action"] = action }, statusCode: 201);
        }
    }

    private IResult SetRecords(string idOrName, string name, string type, JsonObject body)
    {
        lock (_lock)
        {
            return Find(idOrName, name, type) is { } set
                ? Accepted(Begin("set_rrset_records", () => set["records"] = body["records"]!.DeepClone()))
                : Error(404, "not_found");
        }
    }

    private IResult Look(long id)
    {
        lock (_lock)
        {
            if (!_actions.TryGetValue(id, out var action))
            {
                return Error(404, "not_found");
            }
            action.Look();
            return Results.Json(new JsonObject { ["action"] = action.Json(id) });
        }
    }

    private JsonObject Begin(string command, Action apply)
    {
        var id = _actions.Count + 1000L;
        _actions[id] = new FakeAction(command, ActionLooks, ActionError, ForgetsChanges ? () => { } : apply);
        return _actions[id].Json(id);
    }

    private static JsonObject Set(string zone, string name, string type, int? ttl, JsonArray records) => new()
    {
        ["zone"] = 42, ["id"] = $"{name}/{type}", ["name"] = name, ["type"] = type, ["ttl"] = ttl, ["labels"] = new JsonObject(),
        ["protection"] = new JsonObject { ["change"] = false }, ["records"] = records,
    };

    private static IResult Accepted(JsonObject action) => Results.Json(new JsonObject { ["action"] = action }, statusCode: 201);

    private static IResult Error(int status, string code) => Results.Json(
        new JsonObject { ["error"] = new JsonObject { ["code"] = code, ["message"] = "leaked-parameter", ["details"] = null } }, statusCode: status);

    private JsonObject? Zone(string idOrName) => _zones.SingleOrDefault(z => z["id"]!.ToString() == idOrName || (string?)z["name"] == idOrName);

    private List<JsonObject> SetsIn(JsonObject zone) => _sets[(string)zone["name"]!];

    private JsonObject? Find(string idOrName, string name, string type) =>
        Zone(idOrName) is { } zone ? SetsIn(zone).SingleOrDefault(s => (string?)s["name"] == name && (string?)s["type"] == type) : null;

    private sealed class FakeAction
    {
        private readonly string _command;
        private readonly string? _error;
        private readonly Action _apply;
        private int _looksLeft;

        public FakeAction(string command, int looks, string? error, Action apply)
        {
            (_command, _looksLeft, _error, _apply) = (command, looks, error, apply);
            EndIfDue();
        }

        private string Status { get; set; } = "running";

        public void Look()
        {
            if (Status == "running")
            {
                _looksLeft--;
                EndIfDue();
            }
        }

        public JsonObject Json(long id) => new()
        {
            ["id"] = id, ["command"] = _command, ["status"] = Status, ["started"] = "2026-01-30T23:55:00Z",
            ["finished"] = Status == "running" ? null : "2026-01-30T23:55:01Z", ["progress"] = Status == "running" ? 50 : 100,
            ["resources"] = new JsonArray(new JsonObject { ["id"] = 42, ["type"] = "zone" }),
            ["error"] = Status == "error" ? new JsonObject { ["code"] = _error, ["message"] = "leaked-parameter" } : null,
        };

        private void EndIfDue()
        {
            if (_looksLeft > 0)
            {
                return;
            }
            Status = _error is null ? "success" : "error";
            if (_error is null)
            {
                _apply();
            }
        }
    }
}
