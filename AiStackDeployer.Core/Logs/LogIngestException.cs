using AiStackDeployer.Core.Http;

namespace AiStackDeployer.Core.Logs;

internal enum LogIngestFault
{
    /// <summary>No connection, or it broke before the answer was complete.</summary>
    Unreachable,

    TimedOut,

    /// <summary>401 or 403: the key is not the ingest's.</summary>
    KeyRefused,

    /// <summary>400: a cursor that is not the ingest's; everything else of a question is checked before.</summary>
    Invalid,

    /// <summary>429 or 5xx; also a Loki behind it that fails.</summary>
    ServerError,

    /// <summary>Not the answer of an ingest.</summary>
    Unreadable,
}

/// <summary>A question to the log ingest that got no answer.</summary>
internal sealed class LogIngestException(LogIngestFault kind, int? httpStatus = null, Exception? cause = null) : Exception(null, cause)
{
    public LogIngestFault Kind => kind;

    public override string Message => CallFailure.MessageOf("query", Sentence, httpStatus, null);

    private string Sentence => kind switch
    {
        LogIngestFault.Unreachable => "The log ingest cannot be reached.",
        LogIngestFault.TimedOut => "The log ingest did not answer in time.",
        LogIngestFault.KeyRefused => "The log ingest refused the portal's key.",
        LogIngestFault.Invalid => "The log ingest found the question invalid.",
        LogIngestFault.ServerError => "The log ingest failed.",
        _ => "The log ingest's answer was not understood.",
    };
}
