using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Naming;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Tests.Deployments;

/// <summary>Deployments and stacks of which a test only says what matters to it.</summary>
internal static class Some
{
    public static readonly DateTimeOffset Start = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    public static readonly DeploymentFailure Failure = new(FailureCode.ImageNotFound, DeploymentStep.AwaitContainer, "registry.test/stack:1");

    public static Stack Stack(string id = "stk_1", string name = "jan", string owner = "usr_1", string deployment = "dep_1", DateTimeOffset? at = null) => new()
    {
        Id = id,
        Name = StackName.FromStored(name),
        OwnerId = owner,
        CreatedAt = at ?? Start,
        Url = $"https://{name}.ai.test",
        TerminalPath = "/terminal/",
        Image = "registry.test/stack:1",
        UserName = "opencode",
        ProtectedPassword = $"p:{id}",
        LastDeploymentId = deployment,
    };

    /// <summary>Claimed and waiting.</summary>
    public static Deployment Deployment(string id = "dep_1", string name = "jan")
    {
        var stack = Stack(name: name, deployment: id);
        var deployment = new Deployment
        {
            Id = id,
            Operation = OperationCatalog.Deploy,
            StackId = stack.Id,
            Stack = stack,
            Name = stack.Name,
            OwnerId = stack.OwnerId,
            RequestId = $"req_{id}",
            TraceId = new string('a', 32),
            CreatedAt = Start,
        };
        deployment.RecordAcceptance(isNew: true, null, Start);
        return deployment;
    }

    /// <summary>In a phase, on the shortest legal way, with no step open. Its newest run is 1, unless it never ran.</summary>
    public static Deployment In(DeploymentPhase phase)
    {
        var deployment = Deployment();
        if (phase == DeploymentPhase.Queued)
        {
            return deployment;
        }
        var run = deployment.BeginRun(Start)!.Value;
        switch (phase)
        {
            case DeploymentPhase.Completed:
                deployment.Complete(run, Start);
                break;
            case DeploymentPhase.Unwinding or DeploymentPhase.Failed:
                deployment.Fail(run, Failure, Start);
                break;
            case DeploymentPhase.Cancelled:
                deployment.RequestCancel(Start);
                deployment.AcceptCancel(run, Start);
                break;
        }
        if (phase is DeploymentPhase.Failed or DeploymentPhase.Cancelled)
        {
            deployment.FinishUnwinding(run, [], Start);
        }
        return deployment;
    }

    /// <summary>A deletion of a stack that was ready, accepted and waiting.</summary>
    public static Deployment Deletion(StackState from = StackState.Ready, IReadOnlyList<string>? keptBefore = null)
    {
        var stack = Stack(deployment: "dep_0");
        stack.State = from;
        stack.ReadyAt = Start;
        stack.ApplicationId = "app_1";
        var deletion = new Deployment
        {
            Id = "dep_1",
            Operation = OperationCatalog.Delete,
            StackId = stack.Id,
            Stack = stack,
            Name = stack.Name,
            OwnerId = stack.OwnerId,
            RequestId = "req_dep_1",
            TraceId = new string('a', 32),
            CreatedAt = Start,
        };
        deletion.RecordAcceptance(isNew: false, keptBefore, Start);
        return deletion;
    }

    /// <summary>What a dialog submits; the deletion's id is derived from the request's.</summary>
    public static NewOperation Delete(string stackId, string name = "jan", string request = "req_del", DateTimeOffset? at = null) => new()
    {
        Operation = OperationCatalog.Delete,
        StackId = stackId,
        ConfirmName = name,
        RequestId = request,
        DeploymentId = $"dep_{stackId}_{request}",
        TraceId = new string('b', 32),
        Now = at ?? Start.AddHours(1),
    };

    /// <summary>What a form submits; the deployment's id is derived from the request's.</summary>
    public static NewOperation Claim(string name = "jan", string owner = "usr_1", string request = "req_1", DateTimeOffset? at = null)
    {
        var now = at ?? Start;
        var id = $"dep_{owner}_{request}";
        return new NewOperation
        {
            Operation = OperationCatalog.Deploy,
            DeploymentId = id,
            RequestId = request,
            TraceId = new string('a', 32),
            Now = now,
            Claim = new StackClaim(Stack($"stk_{owner}_{request}", name, owner, id, now), HolderId: null, now - DeploymentService.FailedNameKept),
        };
    }

    public static IReadOnlyList<DeploymentStep> PlanOf(Operation operation) => [.. operation.Plan.Select(planned => planned.Step)];
}
