using AiStackDeployer.DokployEmulator.Swarm;

namespace AiStackDeployer.DokployEmulator.World;

/// <summary>Everything that the state file keeps. Only touched under the world's lock.</summary>
internal sealed class WorldState
{
    public string OrganizationId { get; init; } = Ids.Nano();
    public string OwnerId { get; init; } = Ids.ApiKey()[..32];
    public List<ProjectRow> Projects { get; init; } = [];
    public List<EnvironmentRow> Environments { get; init; } = [];
    public List<ApplicationRow> Applications { get; init; } = [];
    public List<OtherServiceRow> OtherServices { get; init; } = [];
    public List<DomainRow> Domains { get; init; } = [];
    public List<MountRow> Mounts { get; init; } = [];
    public List<DeploymentRow> Deployments { get; init; } = [];
    public List<ApiKeyRow> Keys { get; init; } = [];
    public List<TraefikRow> Traefik { get; init; } = [];
    public List<SwarmService> Services { get; init; } = [];
    public List<StoppingContainer> Stopping { get; init; } = [];
    public List<DeployJob> Jobs { get; init; } = [];
    public List<PendingStatus> Pending { get; init; } = [];
    public Dictionary<string, ImageOutcome> Outcomes { get; init; } = new(StringComparer.Ordinal);

    /// <summary>Registries the node has logged in to: their images can from then on be pulled without credentials.</summary>
    public HashSet<string> LoggedInRegistries { get; init; } = new(StringComparer.Ordinal);

    /// <summary>The owner's access lists. They lose entries when two creates overlap: see <see cref="AccessList"/>.</summary>
    public AccessList AccessedProjects { get; init; } = new();
    public AccessList AccessedServices { get; init; } = new();

    /// <summary>When the last job left the only worker.</summary>
    public DateTimeOffset QueueFreeAt { get; set; }
    public int NextJob { get; set; } = 1;
    public int NextConfigKey { get; set; } = 1;

    public ApplicationRow? Application(string? id) => Applications.Find(a => a.ApplicationId == id);
    public EnvironmentRow? Environment(string? id) => Environments.Find(e => e.EnvironmentId == id);
    public ProjectRow? Project(string? id) => Projects.Find(p => p.ProjectId == id);
    public SwarmService? Service(string name) => Services.Find(s => s.Name == name);

    /// <summary>Writes the Traefik file of an application from its domains, or removes it with the last one.</summary>
    public void WriteTraefik(string applicationId)
    {
        if (Application(applicationId) is not { } app)
        {
            return;
        }

        var routes = Domains.Where(d => d.ApplicationId == applicationId && d.Enabled)
            .Select(d => new TraefikRoute(d.Host, d.Path ?? "/", d.Port)).ToList();
        var file = Traefik.Find(t => t.AppName == app.AppName);
        if (routes.Count == 0)
        {
            Traefik.RemoveAll(t => t.AppName == app.AppName);
        }
        else if (file is null)
        {
            Traefik.Add(new TraefikRow { AppName = app.AppName, Routes = routes });
        }
        else
        {
            file.Routes = routes;
        }
    }

    /// <summary>Removes an application's rows: what the database cascade does, and no more.</summary>
    public void RemoveRows(ApplicationRow app)
    {
        var id = app.ApplicationId;
        Applications.Remove(app);
        Domains.RemoveAll(d => d.ApplicationId == id);
        Mounts.RemoveAll(m => m.ApplicationId == id);
        Deployments.RemoveAll(d => d.ApplicationId == id);
        Pending.RemoveAll(p => p.ApplicationId == id);
    }
}

/// <summary>
/// The list of ids a user may see, which Dokploy reads, appends to and writes back without a lock: of creates
/// that overlap only the last one's entry survives. Overlap is taken as "within <see cref="Overlap"/>".
/// </summary>
internal sealed class AccessList
{
    public static readonly TimeSpan Overlap = TimeSpan.FromMilliseconds(60);

    public List<string> Ids { get; init; } = [];
    public DateTimeOffset? LastAdded { get; set; }

    public void Add(string id, DateTimeOffset now)
    {
        if (LastAdded is { } last && now - last < Overlap && Ids.Count > 0)
        {
            Ids.RemoveAt(Ids.Count - 1);
        }

        Ids.Add(id);
        LastAdded = now;
    }
}
