using AiStackDeployer.DokployEmulator.Swarm;

namespace AiStackDeployer.DokployEmulator.World;

/// <summary>A project row.</summary>
public sealed record ProjectView(string ProjectId, string Name, string? Description, DateTimeOffset CreatedAt);

/// <summary>An application row.</summary>
/// <param name="Status">idle, running, done or error.</param>
/// <param name="Env">The environment string as it was sent.</param>
public sealed record ApplicationView(
    string ApplicationId, string ProjectId, string Name, string AppName, string? Description, string Status, string? DockerImage, string? Env);

/// <summary>A domain row.</summary>
/// <param name="ApplicationId">Null for a domain made without one: it leads nowhere.</param>
public sealed record DomainView(string DomainId, string Host, int Port, bool Https, string CertificateType, string? ApplicationId, bool Enabled);

/// <summary>A mount row.</summary>
public sealed record MountView(string MountId, string Type, string? VolumeName, string MountPath, string? ApplicationId);

/// <summary>A deployment row.</summary>
/// <param name="Status">running, done, error or cancelled.</param>
public sealed record DeploymentView(
    string DeploymentId, string ApplicationId, string Title, string Description, string Status, DateTimeOffset CreatedAt, DateTimeOffset? FinishedAt);

/// <summary>A job in the queue.</summary>
/// <param name="State">waiting or active.</param>
public sealed record JobView(string Id, string ApplicationId, string Title, string State);

/// <summary>A swarm service.</summary>
/// <param name="IsOrphan">No application row stands behind it any more.</param>
/// <param name="State">State of its newest task (Pending, Running, Failed, …) or "Stopped" when scaled to 0.</param>
/// <param name="IsServing">A container takes requests (it may still be booting).</param>
public sealed record ServiceView(
    string Name, string ApplicationId, bool IsOrphan, string Image, IReadOnlyList<string> Env, string State, bool IsServing);

/// <summary>The looks a test takes at the world. Every one is a copy.</summary>
public sealed partial class EmulatorWorld
{
    /// <summary>All projects, oldest first.</summary>
    public IReadOnlyList<ProjectView> Projects => Read(state => state.Projects
        .ConvertAll(p => new ProjectView(p.ProjectId, p.Name, p.Description, p.CreatedAt)));

    /// <summary>All applications, oldest first.</summary>
    public IReadOnlyList<ApplicationView> Applications => Read(state => state.Applications.ConvertAll(a => new ApplicationView(
        a.ApplicationId, state.Environment(a.EnvironmentId)!.ProjectId, a.Name, a.AppName, a.Text("description"), a.Status, a.DockerImage, a.Env)));

    /// <summary>All domains, oldest first, dangling ones too.</summary>
    public IReadOnlyList<DomainView> Domains => Read(state => state.Domains
        .ConvertAll(d => new DomainView(d.DomainId, d.Host, d.Port, d.Https, d.CertificateType, d.ApplicationId, d.Enabled)));

    /// <summary>All mounts, oldest first.</summary>
    public IReadOnlyList<MountView> Mounts => Read(state => state.Mounts
        .ConvertAll(m => new MountView(m.MountId, m.Type, m.VolumeName, m.MountPath, m.ApplicationId)));

    /// <summary>All deployment rows, oldest first.</summary>
    public IReadOnlyList<DeploymentView> Deployments => Read(state => state.Deployments
        .ConvertAll(d => new DeploymentView(d.DeploymentId, d.ApplicationId, d.Title, d.Description, d.Status, d.CreatedAt, d.FinishedAt)));

    /// <summary>The queue, next one first.</summary>
    public IReadOnlyList<JobView> Jobs => Read(state => state.Jobs
        .ConvertAll(j => new JobView(j.Id, j.ApplicationId, j.Title, j.Plan is null ? "waiting" : "active")));

    /// <summary>All swarm services, orphans too.</summary>
    public IReadOnlyList<ServiceView> Services => Read(state => state.Services.ConvertAll(service =>
    {
        var timeline = new TaskTimeline(service, _time.GetUtcNow(), _timings);
        var spec = timeline.Rollouts.Spec;
        return new ServiceView(
            service.Name,
            service.ApplicationId,
            state.Application(service.ApplicationId) is null,
            spec?.Image ?? "",
            [.. spec?.Env ?? []],
            timeline.Rollouts.Replicas == 0 ? "Stopped" : timeline.Tasks() is [var newest, ..] ? newest.State : "Stopped",
            timeline.Rollouts.Serving is not null);
    }));

    /// <summary>Hosts Traefik routes now, orphaned routes too.</summary>
    public IReadOnlyList<string> RoutedHosts => Read(state => state.Traefik.SelectMany(t => t.Routes).Select(r => r.Host).ToList());
}
