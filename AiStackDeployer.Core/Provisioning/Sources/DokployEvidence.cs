using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Diagnoses;
using AiStackDeployer.Core.Dokploy;
using AiStackDeployer.Core.Logs;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Provisioning.Sources;

/// <summary>What Dokploy tells of a stack that has something there. That it does not is told with the reason, never with Dokploy's own words.</summary>
internal abstract class DokployEvidence : IEvidenceSource
{
    public abstract EvidenceSource Source { get; }

    public async Task<EvidenceAnswer> AskAsync(Stack stack, CancellationToken cancellationToken)
    {
        if (stack is not { ApplicationId: { } applicationId, AppName: { } appName })
        {
            return EvidenceAnswer.Nothing;
        }
        try
        {
            return await ReadAsync(stack, applicationId, appName, cancellationToken);
        }
        catch (DokployException e)
        {
            return EvidenceAnswer.Refused(StepFailedException.CodeOf(e));
        }
    }

    protected abstract Task<EvidenceAnswer> ReadAsync(Stack stack, string applicationId, string appName, CancellationToken cancellationToken);
}

internal sealed class ApplicationEvidence(DokployClient dokploy, DeployJobs jobs, StackDefaults defaults) : DokployEvidence
{
    public override EvidenceSource Source => EvidenceSource.Application;

    protected override async Task<EvidenceAnswer> ReadAsync(Stack stack, string applicationId, string appName, CancellationToken cancellationToken)
    {
        if (await dokploy.GetApplicationAsync(applicationId, cancellationToken) is not { } application)
        {
            var hasProject = stack.ProjectId is { } project && await dokploy.GetProjectAsync(project, cancellationToken) is not null;
            return EvidenceAnswer.Of(evidence => evidence with { Application = new ApplicationFacts(Exists: false, hasProject) });
        }
        var host = new Uri(stack.Url).Host;
        var route = application.Domains.FirstOrDefault(d => d.IsOf(host) && d.Enabled != false);
        var job = await jobs.FindUnfinishedAsync(application, cancellationToken);
        return EvidenceAnswer.Of(evidence => evidence with
        {
            Application = new ApplicationFacts(Exists: true, ProjectExists: true)
            {
                Image = application.DockerImage, Replicas = application.Replicas, HasRoute = route is not null, RoutePort = route?.Port, WantedPort = defaults.Port,
                DeadJobSince = job is { IsMissing: true } ? job.Since : null,
            },
        });
    }
}

internal sealed class TaskEvidence(DokployClient dokploy, ContainerLog log) : DokployEvidence
{
    public override EvidenceSource Source => EvidenceSource.Tasks;

    protected override async Task<EvidenceAnswer> ReadAsync(Stack stack, string applicationId, string appName, CancellationToken cancellationToken)
    {
        var mask = log.MaskOf(stack);
        var tasks = (await dokploy.GetTasksAsync(appName, cancellationToken)).Select(task => new TaskFacts(
            task.DesiredState is SwarmTaskState.Running or SwarmTaskState.Ready, StageOf(task.CurrentState), task.CurrentStateText, task.Error is { } error ? mask(error) : null)).ToList();
        // Newest first as they come; the newest line is the last one.
        return EvidenceAnswer.Of(evidence => evidence.With(tasks.Where(t => t.Error is not null).Reverse().Select(t => new EvidenceLine(Source, t.Error!))) with { Tasks = tasks });
    }

    private static TaskStage StageOf(SwarmTaskState state) => state switch
    {
        SwarmTaskState.Preparing or SwarmTaskState.Ready or SwarmTaskState.Starting => TaskStage.Preparing,
        SwarmTaskState.Running => TaskStage.Running,
        SwarmTaskState.Complete => TaskStage.Completed,
        SwarmTaskState.Failed => TaskStage.Failed,
        SwarmTaskState.Rejected => TaskStage.Rejected,
        SwarmTaskState.Shutdown or SwarmTaskState.Remove or SwarmTaskState.Orphaned => TaskStage.Stopped,
        _ => TaskStage.Waiting,
    };
}

internal sealed class ServiceEvidence(DokployClient dokploy, ContainerLog log) : DokployEvidence
{
    public override EvidenceSource Source => EvidenceSource.Service;

    protected override async Task<EvidenceAnswer> ReadAsync(Stack stack, string applicationId, string appName, CancellationToken cancellationToken)
    {
        var service = await dokploy.GetServiceAsync(appName, cancellationToken);
        var message = service?.UpdateMessage is { Length: > 0 } text ? log.MaskOf(stack)(text) : null;
        return EvidenceAnswer.Of(evidence => evidence with
        {
            Service = new ServiceFacts(
                service is not null,
                service?.UpdateState is SwarmUpdateState.RollbackStarted or SwarmUpdateState.RollbackPaused or SwarmUpdateState.RollbackCompleted or SwarmUpdateState.Paused, message),
        });
    }
}

/// <summary>The log of Dokploy's newest job for the application, without the SQL that Dokploy may write into it.</summary>
internal sealed class DeployLogEvidence(DokployClient dokploy, ContainerLog log) : DokployEvidence
{
    private const int Lines = 60;

    public override EvidenceSource Source => EvidenceSource.DeployLog;

    protected override async Task<EvidenceAnswer> ReadAsync(Stack stack, string applicationId, string appName, CancellationToken cancellationToken)
    {
        if (await dokploy.GetApplicationAsync(applicationId, cancellationToken) is not { } application
            || application.Deployments.MaxBy(d => d.CreatedAt ?? d.StartedAt) is not { } newest
            || await dokploy.ReadDeploymentLogAsync(newest.DeploymentId, Lines, cancellationToken) is not { } text)
        {
            return EvidenceAnswer.Nothing;
        }
        var lines = log.Mask(stack, DeployLogReader.WithoutQueries(text));
        return EvidenceAnswer.Of(evidence => evidence.With(lines.Select(line => new EvidenceLine(Source, line))));
    }
}

internal sealed class ContainerEvidence(IContainerLog container) : IEvidenceSource
{
    private const int Lines = 100;

    public EvidenceSource Source => EvidenceSource.Container;

    public async Task<EvidenceAnswer> AskAsync(Stack stack, CancellationToken cancellationToken) =>
        stack.ApplicationId is null ? EvidenceAnswer.Nothing
        : await container.ReadLinesAsync(stack, Lines, cancellationToken) is { } lines
            ? EvidenceAnswer.Of(evidence => evidence.With(lines.Select(line => new EvidenceLine(Source, line.Text))))
            : EvidenceAnswer.Refused(FailureCode.DokployUnreachable);
}
