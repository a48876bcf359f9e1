using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AiStackDeployer.Core.Http;
using Microsoft.Extensions.Logging;

namespace AiStackDeployer.Core.Hetzner;

/// <summary>One call over HTTP. Every failure becomes a <see cref="HetznerException"/>.</summary>
internal sealed partial class HetznerTransport(HttpClient http, HetznerOptions options, TimeProvider time, ILogger logger)
{
    /// <summary>Set on a request that must not be retried.</summary>
    public static readonly HttpRequestOptionsKey<bool> IsSentOnce = new("hetzner-sent-once");

    private volatile bool _tokenIsReadOnly;

    /// <summary>A change was refused because the token may only read, and none has succeeded since.</summary>
    public bool TokenIsReadOnly => _tokenIsReadOnly;

    /// <param name="retry">False = one attempt, which does not wait for a rate limit either.</param>
    public Task<T> GetAsync<T>(string call, string path, JsonTypeInfo<T> type, bool retry, CancellationToken cancellationToken) =>
        RunAsync(call, HttpMethod.Get, path, null, type, retry, cancellationToken);

    public Task<T> PostAsync<TBody, T>(
        string call, string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, bodyType));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return RunAsync(call, HttpMethod.Post, path, content, type, retry: true, cancellationToken);
    }

    private async Task<T> RunAsync<T>(
        string call, HttpMethod method, string path, HttpContent? content, JsonTypeInfo<T> type, bool retry, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var changes = method != HttpMethod.Get;
        using var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", options.ApiToken);
        request.Options.Set(IsSentOnce, !retry);
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
            throw Logged(e, started);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && CallFailure.Of(e) is { } failure)
        {
            throw Logged(FaultOf(call, changes, failure, e), started);
        }
    }

    private static HetznerException FaultOf(string call, bool changes, CallFailure failure, Exception cause) => new(
        failure.Kind switch
        {
            CallFailureKind.TimedOut => HetznerFault.TimedOut,
            CallFailureKind.TooLarge => HetznerFault.Unreadable,
            _ => HetznerFault.Unreachable,
        },
        call, cause)
    {
        MayHaveHappened = changes && failure.WasSent,
        Diagnostic = failure.Kind == CallFailureKind.TooLarge ? "answer too large" : null,
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

    private HetznerException Logged(HetznerException fault, long started)
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
