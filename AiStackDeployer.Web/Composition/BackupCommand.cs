using AiStackDeployer.Core.Backup;
using AiStackDeployer.Web.Api;
using Microsoft.Win32.SafeHandles;

namespace AiStackDeployer.Web.Composition;

/// <summary>
/// <c>backup &lt;file&gt; [--force] [--passphrase-file &lt;file&gt;]</c>: everything of <c>DATA_DIR</c> that must not be lost, in one file,
/// with a portal running on it or none. <c>-</c> is standard output.
/// </summary>
internal static class BackupCommand
{
    public const string Name = "backup";

    private const string StandardOutput = "-";

    public static Task<int> RunAsync(string[] arguments) =>
        DataCommand.RunAsync(Name, "No backup was made.", arguments, async (command, cancellationToken) =>
        {
            var toOutput = command.File == StandardOutput;
            if (toOutput && !Console.IsOutputRedirected)
            {
                throw new DataCommandException("Standard output is a terminal: send it into a file or a pipe.");
            }
            if (command.Passphrase is { IsLongEnough: false })
            {
                throw new DataCommandException($"A passphrase has at least {Passphrase.LeastLength} characters: whoever has the file may guess without end.");
            }
            var backup = new DataBackup(command.Folder, TimeProvider.System, HealthApi.Version);
            BackupResult result;
            if (toOutput)
            {
                await using var output = OpenOutput();
                result = backup.ToStream(output, command.Passphrase, cancellationToken);
            }
            else
            {
                result = backup.ToFile(command.File, command.Passphrase, command.Force, cancellationToken);
            }
            if (!result.IsEncrypted)
            {
                await Console.Error.WriteLineAsync(
                    "Warning: the backup is not encrypted, and whoever reads it can open every stack's password. "
                    + "Give a passphrase with --passphrase-file or BACKUP_PASSPHRASE, or guard the file as you guard DATA_DIR.");
            }
            await (toOutput ? Console.Error : Console.Out).WriteLineAsync(
                $"Backup of {command.Folder.Path}: {(toOutput ? "standard output" : Path.GetFullPath(command.File))}, {DataCommand.Size(result.Bytes)}, "
                + $"{(result.IsEncrypted ? "encrypted" : "not encrypted")}, {DataCommand.Contents(result.Manifest)}.");
        });

    /// <summary>The console's own stream takes a reader that has gone for a success.</summary>
    private static Stream OpenOutput() => OperatingSystem.IsWindows()
        ? Console.OpenStandardOutput()
        : new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
}
