using System.Globalization;
using AiStackDeployer.Core.Backup;
using AiStackDeployer.Core.Persistence;
using AiStackDeployer.Web.Settings;

namespace AiStackDeployer.Web.Composition;

/// <summary>
/// <c>move-to-postgres</c>: copies what is in <c>DATA_DIR</c>, on which no portal may run, into the empty database that
/// <c>ConnectionStrings__Portal</c> or <c>DATABASE_URL</c> names.
/// </summary>
internal static class MoveCommand
{
    public const string Name = "move-to-postgres";

    public static Task<int> RunAsync(string[] arguments) => RunAsync(arguments, CommandConsole.Of(Name));

    internal static async Task<int> RunAsync(IReadOnlyList<string> arguments, CommandConsole console)
    {
        try
        {
            if (arguments.Count > 0)
            {
                throw new DataCommandException($"{Name} has no arguments.");
            }
            var reader = new SettingsReader(console.ReadSettings());
            var folder = new DataFolder(PortalSettings.ReadDataDirectory(reader));
            var postgres = PortalSettings.ReadPostgres(reader);
            if (reader.Faults.Count > 0)
            {
                throw new SettingsException(reader.Faults);
            }
            var result = await DatabaseMove.RunAsync(
                folder,
                postgres ?? throw new DataCommandException("Where to? Set ConnectionStrings__Portal or DATABASE_URL."),
                TimeProvider.System,
                CancellationToken.None);
            await console.Out.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"Copied {folder.Path} to {postgres}: {result.Stacks} stacks, {result.Deployments} deployments, {result.Events} events, {result.Keys} keys. "
                + $"Start the portal with this setting. Keep {folder.Path} aside as a backup: no portal may run on it any more."));
            return 0;
        }
        catch (BackupException e)
        {
            await console.Error.WriteLineAsync($"{e.Message} Nothing was copied.");
            return DataCommand.ExitCodeOf(e.Fault);
        }
        catch (Exception e) when (e is DataCommandException or SettingsException)
        {
            await console.Error.WriteLineAsync($"{e.Message} Nothing was copied.");
            return StartFailure.Settings;
        }
    }
}
