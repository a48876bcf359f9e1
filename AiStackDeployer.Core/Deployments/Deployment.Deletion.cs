using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Deployments;

/// <summary>The changes of a deletion. It never unwinds: what is removed cannot be put back.</summary>
public sealed partial class Deployment
{
    /// <summary>
    /// The named volumes that stay on the server, because Dokploy removes none, after a deletion and after the removal of what a
    /// deployment had made; null until they have been looked up. Recorded before the application goes, which is what knows them.
    /// Another try has those of the try before from its beginning, until it is ready.
    /// </summary>
    public IReadOnlyList<string>? KeptVolumes { get; private set; }

    /// <summary>
    /// The first facts of a deletion. From here the stack's name is not free, and nothing but this works on the stack.
    /// </summary>
    /// <param name="keptBefore">What the operation before found out when it removed the application, which may be gone by now.</param>
    public void RecordDeletion(IReadOnlyList<string>? keptBefore, DateTimeOffset now)
    {
        if (Kind != DeploymentKind.Delete || Steps.Count > 0 || !Stack.MayBeDeleted)
        {
            throw new InvalidTransitionException(Id, Phase, nameof(RecordDeletion));
        }
        CurrentStep = DeploymentStep.AcceptDelete;
        KeptVolumes = keptBefore;
        Stack.State = StackState.Deleting;
        Stack.LastDeploymentId = Id;
        Steps.Add(new DeploymentStepRecord
        {
            DeploymentId = Id, Step = DeploymentStep.AcceptDelete, StartedAt = now, EndedAt = now, Outcome = StepOutcome.Done,
        });
        Log(LogCode.DeleteAccepted, Name, now);
    }

    /// <summary>These volumes stay; each is told once, however often it is found.</summary>
    public void KeepVolumes(int run, IEnumerable<string> volumes, DateTimeOffset now)
    {
        RequireAtWork(run);
        string[] known = [.. KeptVolumes ?? []];
        string[] news = [.. volumes.Distinct().Except(known)];
        KeptVolumes = [.. known, .. news];
        foreach (var volume in news)
        {
            Log(LogCode.VolumeKept, volume, now);
        }
    }

    /// <summary>Something of the stack may still run, so its name is not let go, not even by time.</summary>
    private void FailDeletion(DateTimeOffset now)
    {
        CloseOpenSteps(StepOutcome.Failed, now);
        Phase = DeploymentPhase.Failed;
        PlaceInDokploy = null;
        FinishedAt = now;
        Stack.State = StackState.DeleteFailed;
        Stack.FailedAt = now;
        Emit(DeploymentEventKind.Error, now);
    }

    private void BuryStack(DateTimeOffset now)
    {
        Stack.State = StackState.Deleted;
        Stack.ReleasedAt = now;
        Stack.ForgetUpstream();
    }
}
