using System.Globalization;
using Microsoft.Extensions.Logging;

namespace AiStackDeployer.Core.Dokploy;

/// <summary>
/// Dokploy's HTTP API, as recorded on v0.30.2, for versions from 0.25 (environments) on. Every method throws
/// <see cref="DokployException"/> and nothing else, apart from cancellation and arguments that make no sense. GETs are
/// retried on outages; a call that changes something is sent once, and <see cref="DokployException.MayHaveHappened"/> says when
/// to look before sending it again.
/// </summary>
internal sealed partial class DokployClient
{
    private const int PageSize = 100;
    private const int MaxPages = 200;

    private static readonly DokployJsonContext Json = DokployJsonContext.Default;

    private readonly DokployTransport _transport;

    /// <summary>For calls to which "there is none", or "there is no such call", is an answer.</summary>
    private readonly DokployTransport _orMissing;

    /// <summary>For calls that a member's key may not make and the portal can do without.</summary>
    private readonly DokployTransport _orDenied;

    private volatile bool _searchIsMissing;
    private volatile bool _queueIsMissing;

    public DokployClient(
        HttpClient http, DokployOptions options, DokployHealth health, DokployMeter meter, TimeProvider time, ILogger<DokployClient> logger)
    {
        _transport = new DokployTransport(http, options, health, meter, time, logger);
        _orMissing = _transport.Expecting(DokployFault.NotFound);
        _orDenied = _transport.Expecting(DokployFault.PermissionDenied);
    }

    /// <summary>
    /// Projects whose name contains <paramref name="name"/>, case aside, among those this key may see. <c>%</c> and
    /// <c>_</c> are wildcards to Dokploy, so the result may hold more: compare, or use <see cref="FindProjectsAsync"/>.
    /// Reads all projects before v0.28.3, which has no search.
    /// </summary>
    public async Task<IReadOnlyList<DokployProjectSummary>> SearchProjectsAsync(string name, CancellationToken cancellationToken)
    {
        if (!_searchIsMissing)
        {
            try
            {
                return await SearchPagesAsync(name, cancellationToken);
            }
            catch (DokployException e) when (e.Kind == DokployFault.NotFound)
            {
                // A search has no object that could be missing: this version does not have the call.
                _searchIsMissing = true;
            }
        }
        var all = await _transport.GetAsync("project.all", Json.ListDokployProject, cancellationToken);
        return
        [
            .. all.Where(project => project.Name.Contains(name, StringComparison.OrdinalIgnoreCase)).Select(project =>
                new DokployProjectSummary
                {
                    ProjectId = project.ProjectId,
                    Name = project.Name,
                    Description = project.Description,
                    CreatedAt = project.CreatedAt,
                }),
        ];
    }

    /// <summary>Projects of exactly this name, case aside, oldest first. Dokploy allows any number of them.</summary>
    public async Task<IReadOnlyList<DokployProjectSummary>> FindProjectsAsync(string name, CancellationToken cancellationToken)
    {
        var hits = await SearchProjectsAsync(name, cancellationToken);
        return [.. hits.Where(hit => string.Equals(hit.Name, name, StringComparison.OrdinalIgnoreCase)).OrderBy(hit => hit.CreatedAt)];
    }

    /// <summary>
    /// The names of all projects that this key may see, by one call, which has no pages: 500 bytes a project. A search would need a
    /// call for each hundred.
    /// </summary>
    public async Task<IEnumerable<string>> ListProjectNamesAsync(CancellationToken cancellationToken) =>
        (await _transport.GetAsync("project.all", Json.ListProjectNameWire, cancellationToken)).Select(project => project.Name);

    /// <summary>All projects that this key may see, with the ids of their applications, by one call.</summary>
    public async Task<IReadOnlyList<DokployProject>> ListProjectsAsync(CancellationToken cancellationToken) =>
        await _transport.GetAsync("project.all", Json.ListDokployProject, cancellationToken);

    /// <summary>The project with its environments and applications, or null when there is none of this id.</summary>
    public Task<DokployProject?> GetProjectAsync(string projectId, CancellationToken cancellationToken) =>
        OrNullAsync(_orMissing.GetAsync("project.one", Json.DokployProject, cancellationToken, ("projectId", projectId)));

    /// <summary>Creates a project with its default environment, even when one of that name exists.</summary>
    public Task<DokployCreatedProject> CreateProjectAsync(string name, string? description, CancellationToken cancellationToken) =>
        _transport.PostAsync("project.create", new CreateProjectBody(name, description), Json.CreateProjectBody, Json.DokployCreatedProject, cancellationToken);

    /// <summary>
    /// Removes a project; false when it was gone already. Delete its applications first: Dokploy only drops the rows
    /// and leaves running services and their routes behind.
    /// </summary>
    public Task<bool> RemoveProjectAsync(string projectId, CancellationToken cancellationToken) =>
        RemovedAsync(_orMissing.PostAsync("project.remove", new ProjectIdBody(projectId), Json.ProjectIdBody, cancellationToken));

    /// <summary>Version text such as <c>v0.30.2</c>.</summary>
    public Task<string> GetVersionAsync(CancellationToken cancellationToken) =>
        _transport.GetAsync("settings.getDokployVersion", Json.String, cancellationToken);

    public Task<DokployIdentity> GetWhoAmIAsync(CancellationToken cancellationToken) =>
        _transport.GetAsync("user.get", Json.DokployIdentity, cancellationToken);

    /// <summary>Whether Dokploy's database answers; needs no key. Throws when Dokploy itself does not.</summary>
    public Task<bool> IsDatabaseHealthyAsync(CancellationToken cancellationToken) => _transport.IsDatabaseHealthyAsync(cancellationToken);

    private async Task<IReadOnlyList<DokployProjectSummary>> SearchPagesAsync(string name, CancellationToken cancellationToken)
    {
        // Keyed by id: a project made while paging shifts the pages, and the last row of one comes again on the next.
        var hits = new OrderedDictionary<string, DokployProjectSummary>();
        for (var (page, offset) = (0, 0); page < MaxPages; page++)
        {
            var answer = await _orMissing.GetAsync(
                "project.search", Json.DokployProjectPage, cancellationToken,
                ("name", name), ("limit", Text(PageSize)), ("offset", Text(offset)));
            foreach (var hit in answer.Items)
            {
                hits.TryAdd(hit.ProjectId, hit);
            }
            offset += answer.Items.Count;
            if (answer.Items.Count == 0 || offset >= answer.Total)
            {
                break;
            }
        }
        return [.. hits.Values];
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static async Task<T?> OrNullAsync<T>(Task<T> call)
        where T : class
    {
        try
        {
            return await call;
        }
        catch (DokployException e) when (e is { Kind: DokployFault.NotFound, CallIsMissing: false })
        {
            return null;
        }
    }

    private static async Task<T?> UnlessMissingAsync<T>(Task<T?> call)
        where T : class
    {
        try
        {
            return await call;
        }
        catch (DokployException e) when (e.CallIsMissing)
        {
            return null;
        }
    }

    private static async Task<bool> RemovedAsync(Task call)
    {
        try
        {
            await call;
            return true;
        }
        catch (DokployException e) when (e is { Kind: DokployFault.NotFound, CallIsMissing: false })
        {
            return false;
        }
    }
}
