namespace AiStackDeployer.Core.Stacks;

/// <summary>
/// The named volumes of stacks. Their names carry the stack's id, never its name: a volume outlives its stack, and a later owner of
/// the same name would else find the work of the one before.
/// </summary>
/// <param name="WorkspacePath">Where the workspace is mounted; null = no volume.</param>
/// <param name="StatePath">Where the agent keeps its own state; null = no volume.</param>
public sealed record StackVolumes(string? WorkspacePath, string? StatePath)
{
    public IReadOnlyList<StackVolume> Of(string stackId)
    {
        var volumes = new List<StackVolume>();
        if (WorkspacePath is { } workspace)
        {
            volumes.Add(new StackVolume($"ai-stack-{stackId}-workspace", workspace));
        }
        if (StatePath is { } state)
        {
            volumes.Add(new StackVolume($"ai-stack-{stackId}-state", state));
        }
        return volumes;
    }
}

public sealed record StackVolume(string Name, string Path);
