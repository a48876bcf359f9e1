using AiStackDeployer.Core.Dokploy;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Provisioning;

/// <inheritdoc cref="IStackServers"/>
internal sealed class StackServers(DokployClient dokploy, DokployOptions target, ProvisioningOptions options, ContainerLog log, TimeProvider time)
    : IStackServers, IDisposable
{
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(15);

    private readonly SemaphoreSlim _asking = new(1);
    private ServerReport? _last;

    public async Task<ServerReport> ReadAsync(CancellationToken cancellationToken)
    {
        await _asking.WaitAsync(cancellationToken);
        try
        {
            if (_last is null || time.GetUtcNow() - _last.At >= Kept)
            {
                var queue = await AskQueueAsync(cancellationToken);
                var nodes = await dokploy.GetNodesAsync(cancellationToken);
                _last = new ServerReport(
                    time.GetUtcNow(), queue, [.. nodes.Select(node => node.MemoryBytes).OfType<long>()], options.MemoryReservation, options.MemoryLimit)
                {
                    ServersAway = nodes.Count(node => !node.TakesTasks),
                };
            }
            return _last;
        }
        finally
        {
            _asking.Release();
        }
    }

    public async Task<IReadOnlyList<ContainerTask>?> ListTasksAsync(Stack stack, CancellationToken cancellationToken)
    {
        if (stack.AppName is not { } appName)
        {
            return [];
        }
        try
        {
            var mask = log.MaskOf(stack);
            return
            [
                .. (await dokploy.GetTasksAsync(appName, cancellationToken))
                    .Select(task => new ContainerTask(task.TaskId, task.CurrentStateText, task.Error is { } error ? mask(error) : null)),
            ];
        }
        catch (DokployException)
        {
            return null;
        }
    }

    public Uri? PageOf(Stack stack) => stack is { ProjectId: { } project, EnvironmentId: { } environment, ApplicationId: { } application }
        ? new Uri(target.Root, $"dashboard/project/{project}/environment/{environment}/services/application/{application}")
        : null;

    public void Dispose() => _asking.Dispose();

    private async Task<DokployLine?> AskQueueAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await dokploy.GetQueueAsync(cancellationToken) is not { } queue)
            {
                return null;
            }
            var active = queue.FirstOrDefault(entry => entry.State == DokployQueueState.Active);
            return new DokployLine(
                queue.Count(entry => entry != active), active?.Title is { } title && title.StartsWith("dep_", StringComparison.Ordinal) ? title.Split(' ')[0] : null,
                active?.StartedAt ?? active?.QueuedAt);
        }
        catch (DokployException)
        {
            return null;
        }
    }
}
