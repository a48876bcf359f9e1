using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Dokploy;

namespace AiStackDeployer.Core.Provisioning;

/// <summary>A step knows that it cannot succeed, and why. Caught once, in the workflow.</summary>
internal sealed class StepFailedException(
    FailureCode code, string? subject = null, IReadOnlyList<string>? rawLines = null, Exception? cause = null)
    : Exception($"{code}", cause)
{
    /// <summary>What stays, by name; null = nothing, or not known yet.</summary>
    public IReadOnlyList<string>? LeftBehind { get; init; }

    public DeploymentFailure At(DeploymentStep step) => new(code, step, subject, rawLines) { LeftBehind = LeftBehind };

    /// <summary>What a fault of Dokploy's means to the person who waits for a stack.</summary>
    public static StepFailedException From(DokployException e) =>
        // Our own words only: Dokploy's texts hold SQL.
        new(CodeOf(e), e.Call, [e.Message], e);

    public static FailureCode CodeOf(DokployException e) => e.Kind switch
    {
        DokployFault.KeyRefused or DokployFault.RateLimited => FailureCode.DokployKeyRefused,
        DokployFault.PermissionDenied => FailureCode.DokployPermissionDenied,
        DokployFault.Unreachable or DokployFault.TimedOut or DokployFault.CircuitOpen or DokployFault.DatabaseDown
            => FailureCode.DokployUnreachable,
        // A proxy answers for a Dokploy that does not.
        DokployFault.ServerError when e.HttpStatus is 502 or 503 or 504 => FailureCode.DokployUnreachable,
        _ => FailureCode.DokployError,
    };
}
