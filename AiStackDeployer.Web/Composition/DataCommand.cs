using System.Globalization;
using System.Runtime.InteropServices;
using AiStackDeployer.Core.Backup;
using AiStackDeployer.Core.Persistence;
using AiStackDeployer.Web.Settings;

namespace AiStackDeployer.Web.Composition;

/// <summary>The arguments of backup and restore. Of the settings they need <c>DATA_DIR</c> alone, so they work where the portal would not start.</summary>
/// <param name="HasPassphrase">Whether the setting is there with which version 0.1.0 encrypted backups.</param>
internal sealed record DataCommand(DataFolder Folder, string File, bool Force, bool HasPassphrase)
{
    private const string Pipe = "-";

    /// <summary>The backup's file is not good: unreadable, not ours, damaged, of a newer program.</summary>
    private const int BadFile = 4;

    /// <summary>Something is there that only <c>--force</c> replaces.</summary>
    private const int Exists = 5;

    /// <summary>As a shell says of a program that Ctrl+C ended.</summary>
    private const int Stopped = 130;

    public bool IsPipe => File == Pipe;

    /// <param name="undone">Follows each reason.</param>
    /// <returns>0; 2 = arguments or settings, 3 = data folder or disk, 4 = the backup's file, 5 = needs <c>--force</c>, 130 = stopped.</returns>
    public static async Task<int> RunAsync(
        string name, string undone, IReadOnlyList<string> arguments, CommandConsole console, Func<DataCommand, CancellationToken, Task> work)
    {
        using var stop = new CancellationTokenSource();
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            await work(Read(name, arguments, console.ReadSettings()), stop.Token);
            return 0;
        }
        catch (BackupException e)
        {
            await console.Error.WriteLineAsync($"{e.Message} {undone}");
            return ExitCodeOf(e.Fault);
        }
        catch (DataCommandException e)
        {
            await console.Error.WriteLineAsync($"{e.Message} {undone}");
            return StartFailure.Settings;
        }
        catch (SettingsException e)
        {
            await console.Error.WriteLineAsync($"{string.Join('\n', e.Faults)} {undone}");
            return StartFailure.Settings;
        }
        catch (OperationCanceledException)
        {
            await console.Error.WriteLineAsync($"Stopped. {undone}");
            return Stopped;
        }

        // Half a backup and the database's copy are removed first.
        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }

    /// <exception cref="DataCommandException">The arguments are not understood.</exception>
    internal static DataCommand Read(string name, IReadOnlyList<string> arguments, IConfiguration configuration)
    {
        string? file = null;
        var force = false;
        foreach (var argument in arguments)
        {
            switch (argument)
            {
                case "--force":
                    force = true;
                    break;
                case not "" when file is null && (argument == Pipe || !argument.StartsWith('-')):
                    file = argument;
                    break;
                default:
                    // Without the argument: it may be a secret that does not belong there.
                    throw Usage(name);
            }
        }
        var reader = new SettingsReader(configuration);
        if (PortalSettings.ReadPostgres(reader) is not null)
        {
            throw new DataCommandException(
                $"The portal's data is in PostgreSQL, which {name} does not know: use pg_dump and pg_restore (see \"Several portals\" in docs/operate.md).");
        }
        return new DataCommand(
            new DataFolder(PortalSettings.ReadDataDirectory(reader)), file ?? throw Usage(name), force, reader.Text("BACKUP_PASSPHRASE", "").Length > 0);
    }

    internal static string Contents(BackupManifest manifest)
    {
        var keys = manifest.Entries.Count(e => e.Name.StartsWith("keys/", StringComparison.Ordinal));
        return string.Create(
            CultureInfo.InvariantCulture, $"database {Size(manifest.Entries[0].Size)} (schema {manifest.Schema}) and {keys} {(keys == 1 ? "key" : "keys")}");
    }

    internal static string Size(long bytes) => bytes < 1 << 20
        ? string.Create(CultureInfo.InvariantCulture, $"{Math.Max(1, bytes >> 10)} KB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1 << 20):0.0} MB");

    internal static int ExitCodeOf(BackupFault fault) => fault switch
    {
        BackupFault.BadFile or BackupFault.TooNew => BadFile,
        BackupFault.Exists => Exists,
        _ => StartFailure.Storage,
    };

    private static DataCommandException Usage(string name) => new(
        $"Usage: {name} <file> [--force], or `-` for a pipe, through which age can encrypt (see \"Backup\" in docs/operate.md).");
}

/// <summary>The arguments or settings are not right. The message is for the operator.</summary>
internal sealed class DataCommandException(string message) : Exception(message);
