using AiStackDeployer.Core;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Tests.TestKit;

/// <summary>What Dokploy tells of its queue and servers, as a test wants it.</summary>
internal sealed class KnownServers : IStackServers
{
    public ServerReport Report { get; set; } = new(DateTimeOffset.MinValue, new DokployLine(0, null, null), [], null, null);

    public IReadOnlyList<ContainerTask>? Tasks { get; set; } = [];

    public Task<ServerReport> ReadAsync(CancellationToken cancellationToken) => Task.FromResult(Report);

    public Task<IReadOnlyList<ContainerTask>?> ListTasksAsync(Stack stack, CancellationToken cancellationToken) => Task.FromResult(Tasks);

    public Uri? PageOf(Stack stack) => stack.ApplicationId is { } id ? new Uri($"https://dokploy.test/{id}") : null;
}

internal sealed class MemoryValues : IPortalValues
{
    public Dictionary<string, string> All { get; } = [];

    public Task<string?> ReadAsync(string key, CancellationToken cancellationToken) => Task.FromResult(All.GetValueOrDefault(key));

    public Task WriteAsync(string key, string? json, string changedBy, CancellationToken cancellationToken)
    {
        All.Remove(key);
        if (json is not null)
        {
            All[key] = json;
        }
        return Task.CompletedTask;
    }

    public Task<bool> TryWriteAsync(string key, string? before, string json, string changedBy, CancellationToken cancellationToken)
    {
        var isWanted = All.GetValueOrDefault(key) == before;
        if (isWanted)
        {
            All[key] = json;
        }
        return Task.FromResult(isWanted);
    }
}
