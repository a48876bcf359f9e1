using AiStackDeployer.Core.Backup;
using AiStackDeployer.Web.Api;

namespace AiStackDeployer.Web.Composition;

/// <summary>
/// <c>backup &lt;file&gt; [--force]</c>: everything of <c>DATA_DIR</c> that must not be lost, in one file, with a portal running on it
/// or none. <c>-</c> is standard output.
/// </summary>
internal static class BackupCommand
{
    public const string Name = "backup";

    public static Task<int> RunAsync(string[] arguments) => RunAsync(arguments, CommandConsole.Of(Name));

    internal static Task<int> RunAsync(IReadOnlyList<string> arguments, CommandConsole console) =>
        DataCommand.RunAsync(Name, "No backup was made.", arguments, console, async (command, cancellationToken) =>
        {
            if (command.HasPassphrase)
            {
                // Otherwise a nightly job that was encrypted until this version would go on in plain text, and say nothing.
                throw new DataCommandException(
                    "BACKUP_PASSPHRASE is set, but this version does not encrypt backups itself: send `backup -` through age, and remove the setting.");
            }
            var backup = new DataBackup(command.Folder, TimeProvider.System, HealthApi.Version);
            if (command.IsPipe)
            {
                await using var output = console.OpenOutput();
                await ReportAsync(console.Error, "standard output", backup.ToStream(output, cancellationToken));
            }
            else
            {
                await ReportAsync(console.Out, Path.GetFullPath(command.File), backup.ToFile(command.File, command.Force, cancellationToken));
            }

            Task ReportAsync(TextWriter to, string target, BackupResult result) => to.WriteLineAsync(
                $"Backup of {command.Folder.Path}: {target}, {DataCommand.Size(result.Bytes)}, not encrypted, {DataCommand.Contents(result.Manifest)}.");
        });
}
