namespace AiStackDeployer.Core.Dokploy;

internal sealed partial class DokployClient
{
    private const int MaxLines = 10_000;

    /// <summary>Jobs waiting and running, in the order they were queued; null before v0.28.3, which cannot tell.</summary>
    public async Task<IReadOnlyList<DokployQueueEntry>?> GetQueueAsync(CancellationToken cancellationToken)
    {
        if (_queueIsMissing)
        {
            return null;
        }
        List<QueueEntryWire> entries;
        try
        {
            entries = await _orMissing.GetAsync("deployment.queueList", Json.ListQueueEntryWire, cancellationToken);
        }
        catch (DokployException e) when (e.Kind == DokployFault.NotFound)
        {
            // As with the search: this version does not have the call.
            _queueIsMissing = true;
            return null;
        }
        return
        [
            // Newest first as it comes; reversed before the stable sort, for entries of the same millisecond.
            .. Enumerable.Reverse(entries).OrderBy(entry => entry.Timestamp).Select(entry => new DokployQueueEntry
            {
                ApplicationId = entry.Data?.ApplicationId,
                Title = entry.Data?.TitleLog,
                State = entry.State,
                QueuedAt = entry.Timestamp,
                StartedAt = entry.ProcessedOn,
            }),
        ];
    }

    /// <summary>
    /// The last <paramref name="tail"/> lines (1-10,000) of what a run wrote; null before v0.29.5. May hold secrets of
    /// the stack.
    /// </summary>
    public Task<string?> ReadDeploymentLogAsync(string deploymentId, int tail, CancellationToken cancellationToken) =>
        UnlessMissingAsync<string>(_orMissing.GetAsync(
            "deployment.readLogs", Json.String, cancellationToken,
            ("deploymentId", deploymentId), ("tail", Lines(tail)))!);

    /// <summary>
    /// The last <paramref name="tail"/> lines (1-10,000) the containers wrote, each with its time, not in order; null
    /// before v0.29.0 and while there is no service yet. May hold secrets of the stack.
    /// </summary>
    public Task<string?> ReadApplicationLogAsync(string applicationId, int tail, CancellationToken cancellationToken) =>
        UnlessMissingAsync(_orMissing.GetOrServerErrorAsync(
            "application.readLogs", Json.String, cancellationToken,
            ("applicationId", applicationId), ("tail", Lines(tail))));

    /// <summary>
    /// The service's swarm tasks, newest first; empty while there is no service. A key without the right to see Docker
    /// gets <see cref="DokployFault.PermissionDenied"/>: fall back to <see cref="GetContainersAsync"/>.
    /// </summary>
    public async Task<IReadOnlyList<SwarmTask>> GetTasksAsync(string appName, CancellationToken cancellationToken)
    {
        var tasks = await _orDenied.GetAsync(
            "docker.getServiceContainersByAppName", Json.ListSwarmTaskWire, cancellationToken, ("appName", appName));
        return [.. tasks.Select(SwarmTask.From)];
    }

    /// <summary>Containers of the service on Dokploy's own server; a member's key suffices.</summary>
    public async Task<IReadOnlyList<DockerContainer>> GetContainersAsync(string appName, CancellationToken cancellationToken)
    {
        var containers = await _orDenied.GetAsync(
            "docker.getContainersByAppNameMatch", Json.ListDockerContainer, cancellationToken, ("appName", appName));
        // A match is any name that contains the text; after the name of a service's own containers come a dot and the slot.
        return [.. containers.Where(container => container.Name?.StartsWith(appName + ".", StringComparison.Ordinal) == true)];
    }

    /// <summary>The swarm service as Docker has it, or null while there is none.</summary>
    public async Task<SwarmService?> GetServiceAsync(string appName, CancellationToken cancellationToken)
    {
        var service = await _orDenied.GetOrEmptyAsync("docker.getConfig", Json.ServiceWire, cancellationToken, ("containerId", appName));
        // Docker also matches a prefix, and then answers with another service or a task.
        if (service?.Spec?.Name != appName)
        {
            return null;
        }
        return new SwarmService
        {
            UpdateState = service.UpdateStatus is { State: { Length: > 0 } state } ? TolerantEnumConverter<SwarmUpdateState>.Parse(state) : null,
            UpdateMessage = service.UpdateStatus?.Message,
        };
    }

    /// <summary>
    /// The swarm's nodes; empty when they cannot be told. The call is known from Dokploy's source alone, so whatever it answers does no
    /// harm.
    /// </summary>
    public async Task<IReadOnlyList<SwarmNode>> GetNodesAsync(CancellationToken cancellationToken)
    {
        try
        {
            var nodes = await _orDenied.GetAsync("cluster.getNodes", Json.ListNodeWire, cancellationToken);
            return [.. nodes.Select(node => new SwarmNode(
                node.Description?.Resources?.MemoryBytes, node.Status?.State is null or "ready" && node.Spec?.Availability is null or "active"))];
        }
        catch (DokployException)
        {
            return [];
        }
    }

    private static string Lines(int tail) => Text(Math.Clamp(tail, 1, MaxLines));
}
