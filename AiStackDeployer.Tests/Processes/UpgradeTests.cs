using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using AiStackDeployer.Core.Persistence;
using AiStackDeployer.Tests.TestKit;
using Microsoft.Data.Sqlite;

namespace AiStackDeployer.Tests.Processes;

/// <summary>
/// The data folder of an older version, killed in the middle of a deployment, on which this version is started. What lies in
/// <c>Persistence/Written</c> was written by the program as it was then, not made up for the test: the database (as SQL, so that
/// it can be read), its key, and its emulated Dokploy, in which the address has not been attached yet.
/// </summary>
public sealed class UpgradeTests
{
    private const string MidWay = "dep_1795528763748_m893kqxs";
    private const string MidWaysPassword = "ockGj25KrvHdjcuQZ6GuGxFr";
    private const string StacksPortThen = "3101";

    [Fact(Timeout = 240_000)]
    public async Task A_database_of_the_first_version_is_upgraded_and_its_deployment_in_the_middle_completes()
    {
        var (api, stacks) = (Text(FreePort.Next()), Text(FreePort.Next()));
        await using var home = PortalHome.Unconfigured()
            .With("EMULATOR_API_PORT", api).With("EMULATOR_STACKS_PORT", stacks).With("EMULATOR_PACE", "0");
        await LayOutAsync("Initial", home.Data, stacks);
        var then = DatabaseSchema.Of(home.Data.Database);

        await home.StartAsync(TestContext.Current.CancellationToken);
        using var person = home.NewPerson();
        await using var reader = await EventReader.OpenAsync(person, MidWay);
        var seen = await reader.RestAsync();

        Assert.True(seen[^1].Type == "complete", $"{seen[^1].Data}\n{home.Process.Output}");
        using var dokploy = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{api}/emulator/") };
        var world = await dokploy.GetJsonAsync("world");
        foreach (var made in new[] { "projects", "applications", "domains", "deployments" })
        {
            // The one that had completed, and this one.
            Assert.Equal(2, world[made]!.AsArray().Count);
        }
        var credentials = new JsonObject { ["username"] = "opencode", ["password"] = MidWaysPassword };
        await Completion.AssertOpensAsync(new Uri($"http://127.0.0.1:{stacks}/"), "design-lab", credentials);
        Assert.Equal(["20261123214336_Initial"], then);
        Assert.Equal(DatabaseSchema.Known(), DatabaseSchema.Of(home.Data.Database));
        Assert.Equal(then, DatabaseSchema.Of($"{home.Data.Database}.before-{DatabaseSchema.Known()[1]}"));
    }

    private static async Task LayOutAsync(string version, DataFolder data, string stacksPort)
    {
        var written = Path.Combine(Path.GetDirectoryName(Here())!, "..", "Persistence", "Written", version);
        var sql = await File.ReadAllTextAsync(Path.Combine(written, "portal.sql"), TestContext.Current.CancellationToken);
        await using (var connection = new SqliteConnection($"Data Source={data.Database};Pooling=False"))
        {
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            // Addresses hold the port of the stacks' listener, which was the default one then.
            SqliteCopy.Execute(connection, sql.Replace($":{StacksPortThen}", $":{stacksPort}", StringComparison.Ordinal));
        }
        Directory.CreateDirectory(data.Keys);
        foreach (var key in Directory.EnumerateFiles(written, "key-*.xml"))
        {
            File.Copy(key, Path.Combine(data.Keys, Path.GetFileName(key)));
        }
        File.Copy(Path.Combine(written, "emulator.json"), data.Emulator);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Here([CallerFilePath] string path = "") => path;
}
