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
            volumes.Add(new StackVolume(Workspace(stackId), workspace));
        }
        if (StatePath is { } state)
        {
            volumes.Add(new StackVolume(State(stackId), state));
        }
        return volumes;
    }

    /// <summary>The volume of the agent's state; null = stacks keep none.</summary>
    public string? StateOf(string stackId) => StatePath is null ? null : State(stackId);

    /// <summary>Whether a volume of this name was made for the stack, under these settings or others; if not, somebody attached it.</summary>
    public static bool IsOf(string stackId, string volume) => volume == Workspace(stackId) || volume == State(stackId);

    private static string Workspace(string stackId) => $"ai-stack-{stackId}-workspace";

    private static string State(string stackId) => $"ai-stack-{stackId}-state";
}

public sealed record StackVolume(string Name, string Path);
