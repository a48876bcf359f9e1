using AiStackDeployer.Core.Http;

namespace AiStackDeployer.Core.Builds;

public enum GiteaFault
{
    /// <summary>No connection, or it broke before the answer was complete.</summary>
    Unreachable,

    TimedOut,

    /// <summary>401 or 403: the token is wrong, or may not read this repository.</summary>
    TokenRefused,

    /// <summary>404: no such repository for this token, or a Gitea older than 1.25, which does not tell its runs.</summary>
    NotFound,

    RateLimited,

    ServerError,

    /// <summary>The answer is not what Gitea's reference says.</summary>
    Unreadable,
}

/// <summary>A call to Gitea that did not succeed. The message is made here; Gitea's own texts never get in.</summary>
internal sealed class GiteaException(GiteaFault kind, int? httpStatus = null, Exception? cause = null) : Exception(null, cause)
{
    public GiteaFault Kind => kind;

    /// <summary>How long Gitea, or the proxy in front of it, asks to be left alone.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public override string Message => CallFailure.MessageOf("actions.runs", Sentence, httpStatus, null);

    private string Sentence => kind switch
    {
        GiteaFault.Unreachable => "Gitea cannot be reached.",
        GiteaFault.TimedOut => "Gitea did not answer in time.",
        GiteaFault.TokenRefused => "Gitea refused the API token.",
        GiteaFault.NotFound => "Gitea does not know the repository, or does not tell its runs.",
        GiteaFault.RateLimited => "Gitea has been asked too often.",
        GiteaFault.ServerError => "Gitea failed.",
        _ => "Gitea's answer was not understood.",
    };
}
