using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Dokploy;
using Microsoft.Extensions.Logging;

namespace AiStackDeployer.Core.Provisioning;

internal sealed partial class DeploymentWorkflow
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Run {RunNumber} begins at {Step}")]
    private partial void RunBegins(int runNumber, DeploymentStep step);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Step} ends: {Outcome}, {Milliseconds} ms after it first started")]
    private partial void StepEnds(DeploymentStep step, StepOutcome outcome, long milliseconds);

    [LoggerMessage(Level = LogLevel.Information, Message = "Run {RunNumber} pauses at {Step} and resumes in {Seconds} s")]
    private partial void RunPauses(int runNumber, DeploymentStep step, int seconds);

    [LoggerMessage(Level = LogLevel.Information, Message = "Run {RunNumber} ends: {Phase}, reason {Reason}, after {Milliseconds} ms")]
    private partial void RunEnds(int runNumber, DeploymentPhase phase, string reason, long milliseconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Run {RunNumber} was superseded by a newer run and stops")]
    private partial void RunIsStale(int runNumber);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Step} cannot succeed: {Reason}")]
    private partial void StepFailed(Exception e, DeploymentStep step, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Step} failed unexpectedly")]
    private partial void StepFailedUnexpectedly(Exception e, DeploymentStep step);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Step}: {Call} failed ({Kind}); retrying")]
    private partial void CallFailed(DeploymentStep step, string call, DokployFault kind);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Clean-up is waiting: {Call} failed ({Kind})")]
    private partial void CleanUpWaits(string call, DokployFault kind);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Could not look for what Dokploy may have made twice: {Call} failed ({Kind})")]
    private partial void DoublesNotSought(string call, DokployFault kind);
}
