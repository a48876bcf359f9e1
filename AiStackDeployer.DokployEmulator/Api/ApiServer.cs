using System.Text;
using System.Text.Json.Nodes;
using AiStackDeployer.DokployEmulator.Faults;
using AiStackDeployer.DokployEmulator.World;
using Microsoft.AspNetCore.Http.Extensions;

namespace AiStackDeployer.DokployEmulator.Api;

/// <summary>
/// A request through Dokploy's front: body, gate, procedure, second key check, input, work, answer, in the recorded order.
/// </summary>
internal sealed class ApiServer(EmulatorWorld world, CancellationToken stopping)
{
    private const string Prefix = "/api/";
    private const string TrpcHealth = "trpc/settings.health";
    private readonly Router _router = Router.Create();

    public async Task HandleAsync(HttpContext context)
    {
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        Reply.CommonHeaders(context);
        try
        {
            await HandleAsync(context, gone.Token);
        }
        catch (OperationCanceledException) when (gone.IsCancellationRequested)
        {
            context.Abort();
        }
    }

    private async Task HandleAsync(HttpContext context, CancellationToken gone)
    {
        var path = context.Request.Path.Value ?? "/";
        if (world.IsDown)
        {
            context.Abort();
        }
        else if (path.Length > 1 && path.EndsWith('/'))
        {
            await Reply.RedirectAsync(context, path.TrimEnd('/') + context.Request.QueryString, gone);
        }
        else if (path.Equals("/api/health", StringComparison.OrdinalIgnoreCase))
        {
            await Reply.FixedJsonAsync(context, 200, new JsonObject { ["ok"] = true }, gone);
        }
        else if (path.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
        {
            await CallAsync(context, path[Prefix.Length..], gone);
        }
        else
        {
            await Reply.HtmlAsync(context, path == "/" ? 200 : 404, gone);
        }
    }

    private async Task CallAsync(HttpContext context, string name, CancellationToken gone)
    {
        var request = context.Request;
        var procedure = _router.Find(name);
        var body = await RequestBody.ReadAsync(request, gone);
        var record = new RecordedCall(
            procedure?.Name ?? name, request.Method, request.GetEncodedPathAndQuery(), body.Text, world.Time.GetUtcNow());
        world.Calls.Add(record);

        await PassGateAsync(record.Call, afterWork: false, gone);
        var fault = world.Faults.Take(record.Call);
        if (fault is { WorkIsDone: false } && await StrikeAsync(context, record, fault, gone))
        {
            return;
        }

        var answer = world.Work(
            isQuery: procedure is not { IsQuery: false },
            state => Decide(state, request, name, procedure, body, fault));
        world.Flush();
        await WaitAsync(answer, procedure, gone);
        world.Flush();
        await PassGateAsync(record.Call, afterWork: true, gone);

        switch (fault)
        {
            case FaultKind.AnswerLost:
                context.Abort();
                return;
            case FaultKind.AnswerHangs:
                await Task.Delay(Timeout.InfiniteTimeSpan, world.Time, gone);
                return;
        }

        record.Status = answer.Status;
        await (fault is FaultKind.Drip drip ? Reply.DripAsync(context, answer, drip.Between, world.Time, gone) : Reply.SendAsync(context, answer, gone));
    }

    private async Task PassGateAsync(string call, bool afterWork, CancellationToken gone)
    {
        if (world.Faults.GateFor(call, afterWork) is { } gate)
        {
            await gate.PassAsync(gone);
        }
    }

    private async Task WaitAsync(Reply answer, Procedure? procedure, CancellationToken gone)
    {
        if (world.Options.RecordedLatency && procedure is not null)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(procedure.Latency * world.Options.Pace), world.Time, gone);
        }

        if (answer.Never)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, world.Time, gone);
        }

        if (answer.NotBefore is { } until && until - world.Time.GetUtcNow() is var left && left > TimeSpan.Zero)
        {
            await Task.Delay(left, world.Time, gone);

            // Takes over the status that was due with the end of the wait.
            world.Read(_ => true);
        }
    }

    /// <summary>True when the fault was the answer.</summary>
    private async Task<bool> StrikeAsync(HttpContext context, RecordedCall record, FaultKind fault, CancellationToken gone)
    {
        switch (fault)
        {
            case FaultKind.Status status:
                record.Status = status.Code;
                await Reply.SendAsync(context, new Reply(status.Code, status.ContentType, Encoding.UTF8.GetBytes(status.Body)), gone);
                return true;
            case FaultKind.Garbage:
                record.Status = 200;
                await Reply.SendAsync(context, new Reply(200, Reply.Json, "{\"projectId\":\"x\",\"na"u8.ToArray()), gone);
                return true;
            case FaultKind.Reset:
                context.Abort();
                return true;
            case FaultKind.Hang:
                await Task.Delay(Timeout.InfiniteTimeSpan, world.Time, gone);
                return true;
            case FaultKind.Delay delay:
                await Task.Delay(delay.Span, world.Time, gone);
                return false;
            case FaultKind.Late late:
                await Task.Delay(late.Span, world.Time, stopping);
                return false;
            case FaultKind.Restart restart:
                world.Restart(restart.Downtime);
                context.Abort();
                return true;
            default:
                return false;
        }
    }

    private Reply Decide(WorldState state, HttpRequest request, string name, Procedure? procedure, RequestBody body, FaultKind? fault)
    {
        if (body.Problem is BodyProblem.TooLarge)
        {
            return Reply.Text(413, "Body exceeded 1mb limit");
        }

        if (body.Problem is BodyProblem.NotJson)
        {
            return Reply.Text(400, "Invalid JSON");
        }

        if (name.StartsWith("trpc/", StringComparison.OrdinalIgnoreCase))
        {
            return Trpc.Answer(name.Equals(TrpcHealth, StringComparison.OrdinalIgnoreCase), name["trpc/".Length..], fault is FaultKind.DatabaseDown);
        }

        var now = world.Time.GetUtcNow();
        var keyText = request.Headers["x-api-key"].FirstOrDefault();
        if (fault is FaultKind.DatabaseDown or FaultKind.Unauthorized { WithCode: false } || KeyGate.Check(state, keyText, now) is null)
        {
            return Reply.KeyRefused;
        }

        if (HttpMethods.IsHead(request.Method))
        {
            return new Reply(204, Reply.Json, []);
        }

        var method = procedure is { IsQuery: true } ? HttpMethods.Get : HttpMethods.Post;
        if (procedure is null || request.Method != method)
        {
            return Reply.Of(new ApiError(404, "NOT_FOUND", "Not found"), procedure: null);
        }

        try
        {
            var key = fault is FaultKind.Unauthorized ? null : KeyGate.Check(state, keyText, now);
            if (key is null)
            {
                throw ApiError.Denied("UNAUTHORIZED");
            }

            return Run(state, request, procedure, body, key, now);
        }
        catch (ApiError error)
        {
            return Reply.Of(error, procedure.Name);
        }
    }

    private Reply Run(WorldState state, HttpRequest request, Procedure procedure, RequestBody body, ApiKeyRow key, DateTimeOffset now)
    {
        if (!procedure.IsQuery)
        {
            RequireJson(request);
        }

        if (body.Problem is BodyProblem.TooDeep)
        {
            throw ApiError.Internal("Internal server error");
        }

        var input = procedure.Schema.Read(procedure.IsQuery ? FromQuery(request) : body.Json);
        if (key.Role == "member" && procedure.Denied is { } denied)
        {
            return Reply.Of(denied, procedure.Name);
        }

        var answer = procedure.Handle(new Call(state, input, now, key, world));
        return new Reply(200, Reply.Json, answer.Serialize()) { NotBefore = answer.NotBefore, Never = answer.Never };
    }

    private static void RequireJson(HttpRequest request)
    {
        var type = request.ContentType?.Split(';')[0].Trim();
        if (string.IsNullOrEmpty(type))
        {
            throw new ApiError(415, "UNSUPPORTED_MEDIA_TYPE", "Missing content-type header");
        }

        if (!type.Equals("application/json", StringComparison.OrdinalIgnoreCase))
        {
            // The quote that is not closed is in the original.
            throw new ApiError(415, "UNSUPPORTED_MEDIA_TYPE", $"Unsupported content-type \"{type}");
        }
    }

    private static JsonObject FromQuery(HttpRequest request)
    {
        var json = new JsonObject();
        foreach (var (name, values) in request.Query)
        {
            // "?name=" counts as not sent.
            if (values is [null or ""])
            {
                continue;
            }

            json[name] = values.Count == 1 ? JsonValue.Create(values[0]) : new JsonArray([.. values.Select(v => JsonValue.Create(v))]);
        }

        return json;
    }
}
