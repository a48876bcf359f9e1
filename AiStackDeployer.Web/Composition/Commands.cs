using AiStackDeployer.Web.Mcp.Relay;

namespace AiStackDeployer.Web.Composition;

/// <summary>
/// What the program does instead of being the portal, when an argument names it. Each command reads what it needs itself
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
        [StdioRelay.Command] = _ => StdioRelay.RunAsync(),
    };

    /// <summary>The command's way to run with the arguments after its name; null when there is none: then the portal starts.</summary>
    public static Func<Task<int>>? Find(string[] args)
    {
        // Not always the first: dotnet run puts the project's own arguments before it.
        var at = Array.FindIndex(args, All.ContainsKey);
        if (at < 0)
        {
            return null;
        }
        if (args[..at] is ["--environment", var environment])
        {
            // A command is not given these; what it makes of the framework finds it here.
            Environment.SetEnvironmentVariable("ASPNETCORE_ENVIRONMENT", environment);
        }
        return () => All[args[at]](args[(at + 1)..]);
    }
}
