using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Naming;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Tests.Presentation;

/// <summary>Snapshots as a store would draw them.</summary>
internal static class Snapshots
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static DeploymentSnapshot At(DeploymentPhase phase, DeploymentStep step, TimeSpan? usually = null) => new()
    {
        Id = "dep_1",
        Operation = OperationCatalog.Deploy,
        StackId = "stk_1",
        Name = StackName.FromStored("design-lab"),
        OwnerId = "usr_me",
        Url = "https://design-lab.ai.example.org",
        Phase = phase,
        CurrentStep = step,
        Progress = phase == DeploymentPhase.Completed ? 100 : OperationCatalog.Deploy.Plan.FirstOrDefault(planned => planned.Step == step)?.ProgressAtStart ?? 0,
        Steps =
        [
            .. OperationCatalog.Deploy.Plan.Select(planned => planned.Step).Append(DeploymentStep.CleanUp).Select(s => new StepSnapshot(
                s,
                s < step ? StepOutcome.Done : s == step ? StepOutcome.Running : StepOutcome.Pending,
                s <= step ? Start : null,
                s < step ? Start : null,
                usually)),
        ],
        CreatedAt = Start,
        StartedAt = Start,
        LastSequence = 1,
        TraceId = "0123456789abcdef0123456789abcdef",
    };

    public static StackRow Row(StackState state, DeploymentPhase phase) => new()
    {
        Stack = new Stack
        {
            Id = "stk_1", Name = StackName.FromStored("design-lab"), OwnerId = "usr_me", CreatedAt = Start, Url = "https://design-lab.ai.example.org",
            Image = "a:1", UserName = "opencode", ProtectedPassword = "p", LastDeploymentId = "dep_1", State = state,
        },
        DeploymentId = "dep_1",
        Operation = OperationCatalog.Deploy,
        Phase = phase,
        Step = DeploymentStep.AwaitContainer,
        Progress = 38,
        FailureCode = state == StackState.Failed ? FailureCode.OutOfMemory : null,
    };
}
