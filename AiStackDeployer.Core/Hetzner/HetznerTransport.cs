using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;
using Polly.Timeout;

namespace AiStackDeployer.Core.Hetzner;

/// <summary>One call over HTTP: address, token, body, and every way it can fail turned into a <see cref="HetznerException"/>.</summary>
internal sealed partial class HetznerTransport(HttpClient http, HetznerOptions options, TimeProvider time, ILogger logger)
{
    /// <summary>Set on a request that is sent once, whatever comes of it.</summary>
    public static readonly HttpRequestOptionsKey<bool> IsSentOnce = new("hetzner-sent-once");

    private volatile bool _tokenIsReadOnly;

    /// <summary>A change was refused because the token may only read, and none succeeded since.</summary>
    public bool TokenIsReadOnly => _tokenIsReadOnly;

    public Task<T> GetAsync<T>(string call, string path, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        RunAsync(call, HttpMethod.Get, path, null, type, isSentOnce: false, cancellationToken);

    /// <summary>Without repeats, and without waiting for a rate limit.</summary>
    public Task<T> GetOnceAsync<T>(string call, string path, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        RunAsync(call, HttpMethod.Get, path, null, type, isSentOnce: true, cancellationToken);

    public Task<T> PostAsync<TBody, T>(
        string call, string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, bodyType));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return RunAsync(call, HttpMethod.Post, path, content, type, isSentOnce: false, cancellationToken);
    }

    public Task<T> DeleteAsync<T>(string call, string path, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        RunAsync(call, HttpMethod.Delete, path, null, type, isSentOnce: false, cancellationToken);

    private async Task<T> RunAsync<T>(
        string call, HttpMethod method, string path, HttpContent? content, JsonTypeInfo<T> type, bool isSentOnce, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var changes = method != HttpMethod.Get;
        using var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", options.ApiToken);
        request.Options.Set(IsSentOnce, isSentOnce);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            if (!response.IsSuccessStatusCode)
            {
                throw HetznerErrors.From(call, changes, (int)response.StatusCode, body);
            }
            var result = Decode(call, (int)response.StatusCode, body, type, changes);
            if (changes)
            {
                _tokenIsReadOnly = false;
            }
            var took = Milliseconds(started);
            LogAnswered(call, (int)response.StatusCode, took);
            return result;
        }
        catch (HetznerException e)
        {
            if (e.IsReadOnlyToken)
            {
                _tokenIsReadOnly = true;
            }
            throw Report(e, started);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && Fault(call, changes, e) is { } fault)
        {
            throw Report(fault, started);
        }
    }

    private static HetznerException? Fault(string call, bool changes, Exception cause) => cause switch
    {
        TimeoutRejectedException or OperationCanceledException =>
            new HetznerException(HetznerFault.TimedOut, call, cause) { MayHaveHappened = changes },
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError
                or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError } =>
            new HetznerException(HetznerFault.Unreachable, call, cause),
        HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } =>
            new HetznerException(HetznerFault.Unreadable, call, cause) { MayHaveHappened = changes, Diagnostic = "answer too large" },
        HttpRequestException or IOException =>
            new HetznerException(HetznerFault.Unreachable, call, cause) { MayHaveHappened = changes },
        _ => null,
    };

    private static T Decode<T>(string call, int status, byte[] body, JsonTypeInfo<T> type, bool changes)
    {
        try
        {
            if (JsonSerializer.Deserialize(body, type) is { } answer)
            {
                return answer;
            }
        }
        catch (JsonException)
        {
            // The cause is left out: its text may quote what was read.
        }
        throw new HetznerException(HetznerFault.Unreadable, call)
        {
            HttpStatus = status, MayHaveHappened = changes, Diagnostic = "unexpected answer",
        };
    }

    private HetznerException Report(HetznerException fault, long started)
    {
        var took = Milliseconds(started);
        LogFailed(fault.Call, fault.Kind, fault.HttpStatus, fault.Diagnostic, took);
        return fault;
    }

    private long Milliseconds(long started) => (long)time.GetElapsedTime(started).TotalMilliseconds;

    [LoggerMessage(EventId = 3101, Level = LogLevel.Debug, Message = "Hetzner {Call} answered {Status} in {Milliseconds} ms")]
    private partial void LogAnswered(string call, int status, long milliseconds);

    [LoggerMessage(EventId = 3102, Level = LogLevel.Warning, Message = "Hetzner {Call} failed: {Fault} (HTTP {Status}, {Diagnostic}) after {Milliseconds} ms")]
    private partial void LogFailed(string call, HetznerFault fault, int? status, string? diagnostic, long milliseconds);
}
