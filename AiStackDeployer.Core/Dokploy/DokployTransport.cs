using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AiStackDeployer.Core.Http;
using Microsoft.Extensions.Logging;
using Polly.CircuitBreaker;

namespace AiStackDeployer.Core.Dokploy;

/// <summary>One call over HTTP. Every failure becomes a <see cref="DokployException"/>.</summary>
/// <param name="expected">A fault that is a proper answer for the caller: thrown like any other, but neither counted nor logged as a failure.</param>
internal sealed partial class DokployTransport(
    HttpClient http, DokployOptions options, DokployHealth health, DokployMeter meter, TimeProvider time, ILogger logger,
    DokployFault? expected = null)
{
    /// <summary>Set on a request whose 500 is a proper answer, so that the pipeline neither retries nor counts it.</summary>
    public static readonly HttpRequestOptionsKey<bool> ServerErrorIsAnAnswer = new("dokploy-500-is-an-answer");

    private const string HealthCall = "settings.health";

    /// <summary>For calls to which this fault is a proper answer.</summary>
    public DokployTransport Expecting(DokployFault fault) => new(http, options, health, meter, time, logger, fault);

    public Task<T> GetAsync<T>(string call, JsonTypeInfo<T> type, CancellationToken cancellationToken, params (string Name, string Value)[] query) =>
        RunAsync(call, () => Get(call, query), body => Decode(call, body, type, changes: false), cancellationToken);

    /// <summary>For calls that answer "there is none" with 200 and an empty body.</summary>
    public Task<T?> GetOrEmptyAsync<T>(string call, JsonTypeInfo<T> type, CancellationToken cancellationToken, params (string Name, string Value)[] query)
        where T : class =>
        RunAsync(call, () => Get(call, query), body => IsBlank(body) ? null : Decode(call, body, type, changes: false), cancellationToken);

    /// <summary>For calls whose 500 means "there is none yet"; that is answered with null.</summary>
    public async Task<T?> GetOrServerErrorAsync<T>(
        string call, JsonTypeInfo<T> type, CancellationToken cancellationToken, params (string Name, string Value)[] query)
        where T : class
    {
        var (status, body) = await ExchangeAsync(call, () => Expecting500(Get(call, query)), (status, body) => (status, body), cancellationToken);
        return status == HttpStatusCode.InternalServerError ? null : Decode(call, body, type, changes: false);
    }

    public Task<T> PostAsync<TBody, T>(
        string call, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        RunAsync(call, () => Post(call, body, bodyType), answer => Decode(call, answer, type, changes: true), cancellationToken);

    /// <summary>For calls whose answer is not used; an empty body or any JSON will do.</summary>
    public Task PostAsync<TBody>(string call, TBody body, JsonTypeInfo<TBody> bodyType, CancellationToken cancellationToken) =>
        RunAsync(call, () => Post(call, body, bodyType), answer => EnsureJsonOrEmpty(call, answer), cancellationToken);

    /// <summary>Asks, without a key, whether Dokploy's database answers.</summary>
    public async Task<bool> IsDatabaseHealthyAsync(CancellationToken cancellationToken) =>
        await ExchangeAsync(
            HealthCall,
            () => Expecting500(new HttpRequestMessage(HttpMethod.Get, "api/trpc/settings.health")),
            (status, _) => status,
            cancellationToken) == HttpStatusCode.OK;

    private Task<T> RunAsync<T>(string call, Func<HttpRequestMessage> request, Func<byte[], T> decode, CancellationToken cancellationToken) =>
        ExchangeAsync(call, request, (_, body) => decode(body), cancellationToken);

    private async Task<T> ExchangeAsync<T>(
        string call, Func<HttpRequestMessage> makeRequest, Func<HttpStatusCode, byte[], T> decode, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        using var request = makeRequest();
        request.Options.Set(DokployMeter.CallName, call);
        var changes = request.Method != HttpMethod.Get;
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            if (!response.IsSuccessStatusCode && !IsExpected(request, response))
            {
                throw RedirectOf(response, call) ?? await FaultAsync(call, changes, (int)response.StatusCode, body, cancellationToken);
            }
            var result = decode(response.StatusCode, body);
            meter.Answered(call, (int)response.StatusCode, time.GetElapsedTime(started));
            if (call != HealthCall)
            {
                health.Answered(call);
                health.KeyAccepted();
            }
            else if (response.StatusCode != HttpStatusCode.OK)
            {
                // A healthy database says nothing about the key, so only a bad one is recorded.
                health.Failed(DokployFault.DatabaseDown);
            }
            var took = Milliseconds(started);
            LogAnswered(call, (int)response.StatusCode, took);
            return result;
        }
        catch (DokployException e)
        {
            throw Record(e, started);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && FaultOf(call, changes, e) is { } fault)
        {
            throw Record(fault, started);
        }
    }

    private static bool IsExpected(HttpRequestMessage request, HttpResponseMessage response) =>
        response.StatusCode == HttpStatusCode.InternalServerError
        && request.Options.TryGetValue(ServerErrorIsAnAnswer, out var isExpected) && isExpected;

    private static DokployException? RedirectOf(HttpResponseMessage response, string call) =>
        (int)response.StatusCode is >= 300 and < 400 && response.Headers.Location is { IsAbsoluteUri: true, Scheme: "http" or "https" } to
            ? new DokployException(DokployFault.Unreadable, call)
            {
                HttpStatus = (int)response.StatusCode, RedirectsTo = to.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped),
            }
            : null;

    private async Task<DokployException> FaultAsync(string call, bool changes, int status, byte[] body, CancellationToken cancellationToken)
    {
        if (status != 401 || call == HealthCall || !DokployErrors.IsAboutTheKey(body))
        {
            return DokployErrors.From(call, changes, status, body);
        }
        DokployFault kind;
        try
        {
            kind = await IsDatabaseHealthyAsync(cancellationToken) ? DokployFault.KeyRefused : DokployFault.DatabaseDown;
        }
        catch (DokployException)
        {
            // Nothing is known about the key; an outage that just began is more likely.
            kind = DokployFault.Unreachable;
        }
        return new DokployException(kind, call) { HttpStatus = status };
    }

    private static DokployException? FaultOf(string call, bool changes, Exception cause)
    {
        if (cause is BrokenCircuitException)
        {
            return new DokployException(DokployFault.CircuitOpen, call, cause);
        }
        if (CallFailure.Of(cause) is not { } failure)
        {
            return null;
        }
        var kind = failure.Kind switch
        {
            CallFailureKind.TimedOut => DokployFault.TimedOut,
            CallFailureKind.TooLarge => DokployFault.Unreadable,
            _ => DokployFault.Unreachable,
        };
        return new DokployException(kind, call, cause)
        {
            MayHaveHappened = changes && failure.WasSent,
            Diagnostic = failure.Kind == CallFailureKind.TooLarge ? "answer too large" : null,
        };
    }

    private static T Decode<T>(string call, byte[] body, JsonTypeInfo<T> type, bool changes)
    {
        if (IsBlank(body))
        {
            throw Unreadable(call, changes, "empty answer");
        }
        try
        {
            return JsonSerializer.Deserialize(body, type) ?? throw Unreadable(call, changes, "null");
        }
        catch (JsonException)
        {
            // The cause is left out: its text may quote what was read.
            throw Unreadable(call, changes, "unexpected JSON");
        }
    }

    private static bool EnsureJsonOrEmpty(string call, byte[] body)
    {
        if (IsBlank(body))
        {
            return true;
        }
        try
        {
            using var document = JsonDocument.Parse(body);
            return true;
        }
        catch (JsonException)
        {
            throw Unreadable(call, changes: true, "not JSON");
        }
    }

    private static DokployException Unreadable(string call, bool changes, string diagnostic) =>
        new(DokployFault.Unreadable, call) { HttpStatus = 200, MayHaveHappened = changes, Diagnostic = diagnostic };

    private static bool IsBlank(byte[] body) => body.AsSpan().TrimStart(" \t\r\n"u8).IsEmpty;

    private HttpRequestMessage Get(string call, (string Name, string Value)[] query) =>
        WithKey(new HttpRequestMessage(HttpMethod.Get, "api/" + call + (query.Length == 0 ? "" : "?") + string.Join(
            '&', query.Select(pair => $"{Uri.EscapeDataString(pair.Name)}={Uri.EscapeDataString(pair.Value)}"))));

    private HttpRequestMessage Post<TBody>(string call, TBody body, JsonTypeInfo<TBody> type)
    {
        var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, type));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return WithKey(new HttpRequestMessage(HttpMethod.Post, "api/" + call) { Content = content });
    }

    private HttpRequestMessage WithKey(HttpRequestMessage request)
    {
        request.Headers.Add("x-api-key", options.ApiToken);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        return request;
    }

    private static HttpRequestMessage Expecting500(HttpRequestMessage request)
    {
        request.Options.Set(ServerErrorIsAnAnswer, true);
        return request;
    }

    private DokployException Record(DokployException fault, long started)
    {
        var isAnswer = fault.Kind == expected;
        if (isAnswer)
        {
            meter.Answered(fault.Call, fault.HttpStatus!.Value, time.GetElapsedTime(started));
        }
        else
        {
            meter.Failed(fault, time.GetElapsedTime(started));
        }
        // The health call has no key: its refusal says nothing about calls with one.
        if (fault.Call != HealthCall || fault.IsTransient)
        {
            health.Failed(fault.Kind);
        }
        switch (fault.Kind)
        {
            case DokployFault.KeyRefused:
                health.KeyRefused();
                break;

            // Dokploy's own error codes come only after it accepted the key.
            case DokployFault.NotFound or DokployFault.PermissionDenied or DokployFault.Rejected
                when fault.Diagnostic is not null && fault.Call != HealthCall:
                health.KeyAccepted();
                break;
        }
        var took = Milliseconds(started);
        if (isAnswer)
        {
            LogAnswered(fault.Call, fault.HttpStatus!.Value, took);
        }
        else
        {
            LogFailed(fault.Call, fault.Kind, fault.HttpStatus, fault.Diagnostic, took);
        }
        return fault;
    }

    private long Milliseconds(long started) => (long)time.GetElapsedTime(started).TotalMilliseconds;

    [LoggerMessage(EventId = 3001, Level = LogLevel.Debug, Message = "Dokploy {Call} answered {Status} in {Milliseconds} ms")]
    private partial void LogAnswered(string call, int status, long milliseconds);

    [LoggerMessage(EventId = 3002, Level = LogLevel.Warning, Message = "Dokploy {Call} failed: {Fault} (HTTP {Status}, {Diagnostic}) after {Milliseconds} ms")]
    private partial void LogFailed(string call, DokployFault fault, int? status, string? diagnostic, long milliseconds);
}
