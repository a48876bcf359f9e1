using System.Runtime.Versioning;
using AiStackDeployer.Tests.TestKit;

namespace AiStackDeployer.Tests.Processes;

/// <summary>What the program writes, in a process whose umask gives everything to everybody.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class PrivateFilesTests : IDisposable
{
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("portal-umask-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Nobody_else_reads_a_file_of_the_portals_its_databases_or_the_emulators()
    {
        var settings = new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development", ["HOST"] = "127.0.0.1", ["PORT"] = "0", ["METRICS_PORT"] = "none",
            ["EMULATOR_API_PORT"] = "0", ["EMULATOR_STACKS_PORT"] = "0",
        };
        var program = Path.Combine(AppContext.BaseDirectory, "AiStackDeployer.Web.dll");
        await using var portal = ProgramProcess.Start("bash", ["-c", """umask 000; exec dotnet "$0" """, program], _folder.FullName, settings);
        await portal.LineAsync("Ready: the engine has started", TestContext.Current.CancellationToken);

        var data = new DirectoryInfo(Path.Combine(_folder.FullName, "data"));
        var written = data.EnumerateFileSystemInfos("*", SearchOption.AllDirectories).Append(data).ToList();
        Assert.Superset(
            new HashSet<string> { "portal.db", "portal.db-wal", "portal.db-shm", "engine.db", "engine.db-wal", "keys", "emulator.json" },
            written.Select(one => one.Name).ToHashSet());
        Assert.Equal([], written.Where(one => (one.UnixFileMode & Others) != 0).Select(one => $"{one.Name} {one.UnixFileMode}"));
    }
}
