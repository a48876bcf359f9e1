using AiStackDeployer.Core.People;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using AiStackDeployer.Core.Persistence;
using AiStackDeployer.Core.Persistence.Sqlite;
using AiStackDeployer.Tests.TestKit;
using Microsoft.Data.Sqlite;

namespace AiStackDeployer.Tests.Processes;

/// <summary>
/// The data folder of an older version, killed in the middle of its work, on which this version is started. What lies in
/// <c>Persistence/Written</c>, a folder for the newest migration of each version, was written by the program as it was then, not
/// made up for the test: the database (as SQL, so that it can be read), its key, and its emulated Dokploy. In each, piet-lab is
/// ready and design-lab has no address yet; from the second on noor-lab is being deleted, and of it only the project is left.
/// </summary>
public sealed class UpgradeTests
{
    private const string StacksPortThen = "3101";

    private static readonly string Written = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "..", "Persistence", "Written"));

    /// <summary>The oldest goes through every migration there is; those between are for the long run.</summary>
    public static IEnumerable<TheoryDataRow<string>> Versions => Directory.GetDirectories(Written).Select(d => Path.GetFileName(d)).Order(StringComparer.Ordinal)
        .Select(version => new TheoryDataRow<string>(version) { Explicit = version is not ("Initial" or "KeyRing") });

    [Theory(Timeout = 600_000)]
    [MemberData(nameof(Versions))]
    public async Task A_database_that_an_older_version_left_in_the_middle_of_its_work_is_upgraded_and_the_work_completes(string version)
    {
        var (api, stacks) = (Text(FreePort.Next()), Text(FreePort.Next()));
        await using var home = PortalHome.Unconfigured()
            .With("EMULATOR_API_PORT", api).With("EMULATOR_STACKS_PORT", stacks).With("EMULATOR_PACE", "0");
        var (underWay, password) = await LayOutAsync(version, home.Data, stacks);
        var then = DatabaseSchema.Of(home.Data.Database);
        Assert.EndsWith($"_{version}", then[^1], StringComparison.Ordinal);

        await home.StartAsync(TestContext.Current.CancellationToken);
        using var person = await home.SignInAsync("Ada", Role.Operator);
        foreach (var id in underWay)
        {
            await using var reader = await EventReader.OpenAsync(person, id);
            var seen = await reader.RestAsync();
            Assert.True(seen[^1].Type == "complete", $"{seen[^1].Data}\n{home.Process.Output}");
        }

        using var dokploy = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{api}/emulator/") };
        var world = await dokploy.GetJsonAsync("world");
        foreach (var made in new[] { "projects", "applications", "domains", "deployments" })
        {
            // Of the one that was ready, and of the one that is now; nothing twice, and nothing of what was being deleted.
            Assert.Equal(2, world[made]!.AsArray().Count);
        }
        await Completion.AssertOpensAsync(
            new Uri($"http://127.0.0.1:{stacks}/"), "design-lab", new JsonObject { ["username"] = "opencode", ["password"] = password });
        var known = DatabaseSchema.Known();
        Assert.Equal(known, DatabaseSchema.Of(home.Data.Database));
        var copies = Directory.GetFiles(home.Data.Path, "portal.db.before-*");
        Assert.Equal(known.Skip(then.Count).Take(1).Select(m => $"portal.db.before-{m}"), copies.Select(Path.GetFileName));
        Assert.All(copies, copy => Assert.Equal(then, DatabaseSchema.Of(copy)));
    }

    /// <summary>A new migration fails this until the version before it has written a database: before the change, not after it.</summary>
    [Fact]
    public void Each_version_but_this_one_has_left_a_database() => Assert.All(
        DatabaseSchema.Known().SkipLast(1), migration => Assert.Contains(migration[(migration.IndexOf('_', StringComparison.Ordinal) + 1)..], Versions.Select(v => v.Data)));

    /// <returns>What is under way in it, and the password that design-lab was given.</returns>
    private static async Task<(IReadOnlyList<string> UnderWay, string Password)> LayOutAsync(string version, DataFolder data, string stacksPort)
    {
        var written = Path.Combine(Written, version);
        var sql = await File.ReadAllTextAsync(Path.Combine(written, "portal.sql"), TestContext.Current.CancellationToken);
        var underWay = new List<string>();
        await using (var connection = new SqliteConnection($"Data Source={data.Database};Pooling=False"))
        {
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            // Addresses hold the port of the stacks' listener, which was the default one then.
            SqliteCopy.Execute(connection, sql.Replace($":{StacksPortThen}", $":{stacksPort}", StringComparison.Ordinal));
            await using var command = connection.CreateCommand();
            command.CommandText = "SELECT id FROM deployments WHERE phase = 'Running'";
            await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
            while (await reader.ReadAsync(TestContext.Current.CancellationToken))
            {
                underWay.Add(reader.GetString(0));
            }
        }
        Directory.CreateDirectory(data.Keys);
        foreach (var key in Directory.EnumerateFiles(written, "key-*.xml"))
        {
            File.Copy(key, Path.Combine(data.Keys, Path.GetFileName(key)));
        }
        File.Copy(Path.Combine(written, "emulator.json"), data.Emulator);
        var world = JsonNode.Parse(await File.ReadAllTextAsync(data.Emulator, TestContext.Current.CancellationToken))!;
        var environment = world["Applications"]!.AsArray().Select(a => a!["Columns"]!).Single(c => c.Text("name") == "ai-stack-design-lab").Text("env");
        return (underWay, environment.Split("OPENCODE_SERVER_PASSWORD='")[1].Split('\'')[0]);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Here([CallerFilePath] string path = "") => path;
}
