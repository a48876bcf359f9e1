namespace AiStackDeployer.Web.Composition;

/// <summary>
/// What the program does instead of being the portal, when its first argument names it. Each command reads what it needs itself
/// and ends with its own exit code; none of them opens a port or starts the engine.
/// </summary>
internal static class Commands
{
    private static readonly Dictionary<string, Func<string[], Task<int>>> All = new()
    {
        ["--check"] = CheckCommand.RunAsync,
        ["--health"] = HealthCommand.RunAsync,
        [BackupCommand.Name] = BackupCommand.RunAsync,
        [RestoreCommand.Name] = RestoreCommand.RunAsync,
    };

    /// <summary>The command's way to run with the arguments after its name; null when there is none: then the portal starts.</summary>
    public static Func<Task<int>>? Find(string[] args) =>
        args is [var name, ..] && All.TryGetValue(name, out var run) ? () => run(args[1..]) : null;
}
