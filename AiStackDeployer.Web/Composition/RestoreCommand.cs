using System.Globalization;
using AiStackDeployer.Core.Backup;
using AiStackDeployer.Core.Persistence.Sqlite;

namespace AiStackDeployer.Web.Composition;

/// <summary>
/// <c>restore &lt;file&gt; [--force]</c>: puts a backup into <c>DATA_DIR</c>, on which no portal may run. What was there is kept aside.
/// <c>-</c> is standard input.
/// </summary>
internal static class RestoreCommand
{
    public const string Name = "restore";

    public static Task<int> RunAsync(string[] arguments) => RunAsync(arguments, CommandConsole.Of(Name));

    internal static Task<int> RunAsync(IReadOnlyList<string> arguments, CommandConsole console) =>
        DataCommand.RunAsync(Name, "Nothing was restored.", arguments, console, async (command, cancellationToken) =>
        {
            var result = Restore(command, console, cancellationToken);
            if (result.KeptAside is { } aside)
            {
                await console.Error.WriteLineAsync($"The database that was there is kept as {aside}. Delete it when the portal is as you want it.");
            }
            var (passwords, closed) = PasswordCheck.Of(command.Folder);
            if (closed > 0)
            {
                await console.Error.WriteLineAsync(
                    $"Warning: {Text(closed)} of {Text(passwords)} stacks' passwords cannot be opened with the keys there are. The backup was made where "
                    + "DATA_DIR/keys was not whole; the stacks themselves work, but the portal cannot show their passwords.");
            }
            await console.Out.WriteLineAsync(
                $"Restored into {command.Folder.Path}: {DataCommand.Contents(result.Manifest)}, made "
                + $"{result.Manifest.CreatedAt.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture)} by version {result.Manifest.Program}; the keys open {Text(passwords - closed)} of {Text(passwords)} passwords. Everybody signs in again, and scripts need new tokens. Start the portal.");
        });

    private static RestoreResult Restore(DataCommand command, CommandConsole console, CancellationToken cancellationToken)
    {
        var restore = new DataRestore(command.Folder, TimeProvider.System, DatabaseSchema.Known());
        if (!command.IsPipe)
        {
            return restore.Run(command.File, command.Force, cancellationToken);
        }
        using var input = console.OpenInput();
        return restore.Run(input, command.Force, cancellationToken);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
