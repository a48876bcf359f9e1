namespace AiStackDeployer.Web.Composition;

/// <summary>What the program can do besides being the portal, by its first argument.</summary>
internal static class Commands
{
    private static readonly Dictionary<string, Func<IReadOnlyList<string>, Task<int>>> All = new(StringComparer.Ordinal)
    {
        [BackupCommand.Name] = BackupCommand.RunAsync,
        [RestoreCommand.Name] = RestoreCommand.RunAsync,
    };

    /// <summary>Null when it is to be the portal; else runs the command to its end and gives the exit code.</summary>
    public static Task<int>? Run(IReadOnlyList<string> arguments) =>
        arguments is [var first, ..] && All.TryGetValue(first, out var command) ? command([.. arguments.Skip(1)]) : null;
}
