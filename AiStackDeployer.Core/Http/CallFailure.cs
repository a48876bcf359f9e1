using Polly.Timeout;

namespace AiStackDeployer.Core.Http;

internal enum CallFailureKind
{
    TimedOut,
    Unreachable,
    TooLarge,
}

/// <summary>How a call failed without a readable answer.</summary>
/// <param name="WasSent">False = no connection was made, so nothing can have happened.</param>
internal sealed record CallFailure(CallFailureKind Kind, bool WasSent)
{
    /// <summary>Null = the exception is not a failure of the call.</summary>
    public static CallFailure? Of(Exception e) => e switch
    {
        TimeoutRejectedException or OperationCanceledException => new CallFailure(CallFailureKind.TimedOut, WasSent: true),
        HttpRequestException
        {
            HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError
                or HttpRequestError.ProxyTunnelError,
        } => new CallFailure(CallFailureKind.Unreachable, WasSent: false),
        HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } => new CallFailure(CallFailureKind.TooLarge, WasSent: true),
        HttpRequestException or IOException => new CallFailure(CallFailureKind.Unreachable, WasSent: true),
        _ => null,
    };

    /// <summary>The message of an exception about a call: made of our own words and safe to log.</summary>
    public static string MessageOf(string call, string sentence, int? httpStatus, string? diagnostic)
    {
        var facts = string.Join("; ", new[] { httpStatus is { } status ? $"HTTP {status}" : null, diagnostic }.OfType<string>());
        return facts.Length == 0 ? $"{call}: {sentence}" : $"{call}: {sentence} ({facts})";
    }
}
