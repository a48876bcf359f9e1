using AiStackDeployer.Web.Mcp.Relay;

namespace AiStackDeployer.Web.Composition;

/// <summary>
/// What the program does instead of being the portal, when an argument names it. Each command reads what it needs itself
/// and ends with its own exit code; none of them opens a port or starts the engine.
/// </summary>
internal static class Commands
{
    private const string Help =
        """
        AI Stack Deployer. Without a command the portal starts; docs/reference-settings.md explains its settings.

          --check [--json]           check the settings and everything the portal depends on
          --health [ready]           ask the portal of this machine whether it lives, or is ready
          backup <file> [--force]    save database and keys to a file; - is standard output
          restore <file> [--force]   put a backup in the place of the data folder; - is standard input
          move-to-postgres           copy the data folder into an empty PostgreSQL database
          mcp                        pass an assistant's standard input on to a portal (PORTAL_URL)
          --help                     show this

        Options of the framework: --environment Development, --urls http://…, and any setting as --KEY=value.
        """;

    /// <summary>The framework's, whose value is an argument of its own.</summary>
    private static readonly string[] HostOptions = ["--environment", "--urls"];

    private static readonly string[] HelpWords = ["--help", "-h", "-?", "help"];

    private static readonly Dictionary<string, Func<string[], Task<int>>> All = new()
    {
        ["--check"] = CheckCommand.RunAsync,
        ["--health"] = HealthCommand.RunAsync,
        [BackupCommand.Name] = BackupCommand.RunAsync,
        [RestoreCommand.Name] = RestoreCommand.RunAsync,
        [MoveCommand.Name] = MoveCommand.RunAsync,
        [StdioRelay.Command] = _ => StdioRelay.RunAsync(),
    };

    /// <summary>The command's way to run with the arguments after its name; null when there is none: then the portal starts.</summary>
    public static Func<Task<int>>? Find(string[] args)
    {
        if (args.Any(HelpWords.Contains))
        {
            return () => SayAsync(Console.Out, Help, 0);
        }
        // Not always the first: dotnet run puts the project's own arguments before it.
        var at = Array.FindIndex(args, All.ContainsKey);
        if (FirstUnknown(at < 0 ? args : args[..at]) is { } unknown)
        {
            // Not started all the same: who meant --check would have a second portal.
            return () => SayAsync(Console.Error, $"{unknown} is no command of this program.\n\n{Help}", StartFailure.Settings);
        }
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

    private static string? FirstUnknown(string[] args)
    {
        for (var i = 0; i < args.Length; i++)
        {
            if (HostOptions.Contains(args[i]))
            {
                i++;
            }
            else if (!args[i].Contains('=', StringComparison.Ordinal))
            {
                return args[i];
            }
        }
        return null;
    }

    private static async Task<int> SayAsync(TextWriter to, string text, int exitCode)
    {
        await to.WriteLineAsync(text);
        return exitCode;
    }
}
