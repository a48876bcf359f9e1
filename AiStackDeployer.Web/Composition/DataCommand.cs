using System.Globalization;
using System.Runtime.InteropServices;
using AiStackDeployer.Core.Backup;
using AiStackDeployer.Core.Persistence;
using AiStackDeployer.Web.Settings;

namespace AiStackDeployer.Web.Composition;

/// <summary>What backup and restore are told. Of the settings they need <c>DATA_DIR</c> alone, so they work where the portal would not start.</summary>
internal sealed record DataCommand(DataFolder Folder, string File, bool Force, Passphrase? Passphrase)
{
    /// <summary>The backup's file is not good: unreadable, damaged, another passphrase, of a newer program.</summary>
    private const int BadFile = 4;

    /// <summary>Something is there that only <c>--force</c> replaces.</summary>
    private const int Exists = 5;

    /// <summary>As a shell says of a program that Ctrl+C ended.</summary>
    private const int Stopped = 130;

    /// <param name="undone">What is told behind each reason.</param>
    /// <returns>0; 2 = arguments or settings, 3 = data folder or disk, 4 = the backup's file, 5 = needs <c>--force</c>, 130 = stopped.</returns>
    public static async Task<int> RunAsync(
        string name, string undone, IReadOnlyList<string> arguments, Func<DataCommand, CancellationToken, Task> work)
    {
        using var stop = new CancellationTokenSource();
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            var command = Read(name, arguments, PortalConfiguration.Read());
            using var passphrase = command.Passphrase;
            await work(command, stop.Token);
            return 0;
        }
        catch (BackupException e)
        {
            await Console.Error.WriteLineAsync($"{e.Message} {undone}");
            return ExitCodeOf(e.Fault);
        }
        catch (DataCommandException e)
        {
            await Console.Error.WriteLineAsync($"{e.Message} {undone}");
            return StartFailure.Settings;
        }
        catch (SettingsException e)
        {
            await Console.Error.WriteLineAsync($"{string.Join('\n', e.Faults)} {undone}");
            return StartFailure.Settings;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync($"Stopped. {undone}");
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
        string? passphraseFile = null;
        var force = false;
        for (var i = 0; i < arguments.Count; i++)
        {
            switch (arguments[i])
            {
                case "--force":
                    force = true;
                    break;
                case "--passphrase-file" when i + 1 < arguments.Count:
                    passphraseFile = arguments[++i];
                    break;
                case var text when file is null && (text == "-" || !text.StartsWith('-')) && text.Length > 0:
                    file = text;
                    break;
                default:
                    // Not what it was: it may be a passphrase that does not belong there.
                    throw Usage(name);
            }
        }
        var reader = new SettingsReader(configuration);
        return new DataCommand(
            new DataFolder(PortalSettings.ReadDataDirectory(reader)), file ?? throw Usage(name), force,
            passphraseFile is not null ? FromFile(passphraseFile) : Passphrase.Read(new StringReader(reader.Text("BACKUP_PASSPHRASE", ""))));
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
        BackupFault.Passphrase => StartFailure.Settings,
        BackupFault.BadFile or BackupFault.TooNew => BadFile,
        BackupFault.Exists => Exists,
        _ => StartFailure.Storage,
    };

    private static DataCommandException Usage(string name) => new(
        $"Usage: {name} <file> [--force] [--passphrase-file <file>]\nThe passphrase may also be in BACKUP_PASSPHRASE; as an argument every user of this machine could read it.");

    private static Passphrase FromFile(string file)
    {
        try
        {
            using var reader = System.IO.File.OpenText(file);
            return Passphrase.Read(reader) ?? throw new DataCommandException($"{file} is empty: there is no passphrase.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataCommandException($"The passphrase's file cannot be read: {e.Message}");
        }
    }
}

/// <summary>The command is not meant like this. The message is for the operator.</summary>
internal sealed class DataCommandException(string message) : Exception(message);
