using AiStackDeployer.Core.Persistence.Sqlite;
using AiStackDeployer.Tests.Operations;
using AiStackDeployer.Tests.TestKit;
using Microsoft.Data.Sqlite;

namespace AiStackDeployer.Tests.Processes;

/// <summary>
/// <c>backup</c> and <c>restore</c> as an operator runs them, beside a portal that runs or was killed, against an emulated Dokploy
/// that goes on living.
/// </summary>
public sealed class BackupTests : ProcessTests
{
    private readonly DirectoryInfo _backups = Directory.CreateTempSubdirectory("portal-backups-");

    private string BackupFile => Path.Combine(_backups.FullName, "portal.tar.gz");

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _backups.Delete(recursive: true);
    }

    [Fact(Timeout = GivesUpAfter)]
    public async Task Sent_through_a_pipe_to_a_new_machine_a_deployment_goes_on_with_the_password_that_only_the_restored_keys_open()
    {
        await Home.StartAsync(TestContext.Current.CancellationToken);
        using var person = Home.NewPerson();
        // The password is needed after this call, for the first time.
        var gate = Dokploy.World.Faults.Hold("application.create", afterWork: true);
        var started = await person.StartAsync("design-lab");
        await gate.Arrived.WaitAsync(TestContext.Current.CancellationToken);
        await using var machine = PortalHome.For(Dokploy);
        const string Transfer = """DATA_DIR="$0" dotnet "$2" backup - | DATA_DIR="$1" dotnet "$2" restore -""";

        await using (var transfer = ProgramProcess.Start(
            "bash", ["-euo", "pipefail", "-c", Transfer, Home.Data.Path, machine.Data.Path, ProgramProcess.DllOf("AiStackDeployer.Web")],
            _backups.FullName, new Dictionary<string, string>()))
        {
            Assert.True(await transfer.EndAsync(TestContext.Current.CancellationToken) == 0, transfer.Output);
            Assert.Contains("the keys open 1 of 1 passwords", transfer.Printed, StringComparison.Ordinal);
        }
        await Home.Process.KillAsync();
        gate.Release();
        await machine.StartAsync(TestContext.Current.CancellationToken);
        using var visitor = machine.NewPerson();

        await Completion.AssertAsync(Dokploy, machine, visitor, started);
    }

    [Fact(Timeout = GivesUpAfter)]
    public async Task A_second_portal_on_the_same_data_ends_with_code_3_and_the_first_one_does_not_notice()
    {
        await Home.StartAsync(TestContext.Current.CancellationToken);
        using var person = Home.NewPerson();
        var gate = Dokploy.World.Faults.Hold("application.create", afterWork: true);
        var started = await person.StartAsync("design-lab");
        await gate.Arrived.WaitAsync(TestContext.Current.CancellationToken);

        await using (var second = await Home.RunAsync())
        {
            Assert.Equal(3, second.ExitCode);
            Assert.Contains($"Another portal runs on {Home.Data.Path}", second.Output, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", second.Output, StringComparison.Ordinal);
        }

        gate.Release();
        await Completion.AssertAsync(Dokploy, Home, person, started);
    }

    [Fact(Timeout = GivesUpAfter)]
    public async Task A_restore_is_refused_while_the_portal_runs_and_goes_through_as_soon_as_it_was_killed()
    {
        await Home.StartAsync(TestContext.Current.CancellationToken);
        await AssertEndsAsync(0, "backup", BackupFile);

        var refused = await AssertEndsAsync(3, "restore", BackupFile, "--force");
        Assert.Contains("Nothing was restored.", refused, StringComparison.Ordinal);

        await Home.Process.KillAsync();
        await AssertEndsAsync(0, "restore", BackupFile, "--force");
    }

    [Fact(Timeout = GivesUpAfter)]
    public async Task On_the_data_of_a_newer_program_the_portal_ends_with_code_3_and_says_what_to_do()
    {
        await Home.StartAsync(TestContext.Current.CancellationToken);
        await Home.Process.TerminateAsync();
        await using (var connection = new SqliteConnection($"Data Source={Home.Data.Database};Pooling=False"))
        {
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            SqliteCopy.Execute(connection, "INSERT INTO __EFMigrationsHistory VALUES ('29990101000000_Newer', '99.0.0')");
        }

        await using var older = await Home.RunAsync();

        Assert.Equal(3, older.ExitCode);
        Assert.Contains("29990101000000_Newer", older.Output, StringComparison.Ordinal);
        Assert.Contains("Start the newer version, or restore a backup", older.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", older.Output, StringComparison.Ordinal);
    }

    [Fact(Timeout = GivesUpAfter)]
    public async Task The_guides_drill_beside_a_portal_shows_its_stacks_and_does_not_touch_itsDokploy()
    {
        await Home.StartAsync(TestContext.Current.CancellationToken);
        using var person = Home.NewPerson();
        // What a copy with the portal's own settings would take up at once.
        var gate = Dokploy.World.Faults.Hold("application.create", afterWork: true);
        var started = await person.StartAsync("design-lab");
        await gate.Arrived.WaitAsync(TestContext.Current.CancellationToken);
        await AssertEndsAsync(0, "backup", BackupFile);
        await Home.Process.KillAsync();
        gate.Release();
        var calls = Dokploy.World.Calls.Counts.Sum(c => c.Value);
        var secrets = _backups.CreateSubdirectory("secrets").FullName;
        await File.WriteAllTextAsync(Path.Combine(secrets, "DOKPLOY_API_TOKEN"), Dokploy.ApiKey, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(_backups.FullName, ".env"), $"DOKPLOY_URL={Dokploy.ApiUrl}\n", TestContext.Current.CancellationToken);

        await using var drill = ProgramProcess.Start(
            "bash", ["-euc", Drill()], _backups.FullName,
            new Dictionary<string, string>
            {
                ["TMPDIR"] = _backups.FullName, ["SECRETS_DIR"] = secrets, ["DOKPLOY_URL"] = Dokploy.ApiUrl.ToString(), ["DOKPLOY_API_TOKEN"] = Dokploy.ApiKey,
                ["STACK_IMAGE"] = PortalFactory.Image, ["ASPNETCORE_ENVIRONMENT"] = "Production", ["DATA_DIR"] = Home.Data.Path,
            });
        var listening = await drill.LineAsync("Now listening on", TestContext.Current.CancellationToken);
        using var visitor = new HttpClient(new BrowserCookies()) { BaseAddress = new Uri(listening[listening.IndexOf("http://", StringComparison.Ordinal)..].Split('"')[0]) };
        // In Development whoever looks picks a role.
        await visitor.SignInAsync("Ada", AiStackDeployer.Core.People.Role.Operator);

        Assert.Equal("design-lab", (await visitor.StatusAsync(started.Text("deploymentId"))).Text("name"));
        // It has gone on in the emulated one, or else would have here.
        await using (var reader = await EventReader.OpenAsync(visitor, started.Text("deploymentId")))
        {
            await reader.RestAsync();
        }
        Assert.Equal(calls, Dokploy.World.Calls.Counts.Sum(c => c.Value));
    }

    /// <summary>The guide's own lines, with this program and this backup, on any free ports.</summary>
    private string Drill()
    {
        var guide = File.ReadAllText(Path.Combine(Dockerfile.Root, "docs", "operate.md")).Split("\n### The drill")[1].Split("```sh\n")[1].Split("```")[0];
        const string Installed = "/opt/ai-stack-deployer/AiStackDeployer.Web";
        Assert.Equal(2, guide.Split($"{Installed} ").Length - 1);
        return guide.Replace(Installed, $"dotnet '{ProgramProcess.DllOf("AiStackDeployer.Web")}'", StringComparison.Ordinal)
            .Replace("age -d -i ~/backup.key /backups/portal-2026-03-04.tar.gz.age", $"cat '{BackupFile}'", StringComparison.Ordinal)
            .Replace("=3999", "=0", StringComparison.Ordinal).Replace("=3998", "=0", StringComparison.Ordinal).Replace("=3997", "=0", StringComparison.Ordinal);
    }

    private Task<string> AssertEndsAsync(int code, params string[] command) => Home.AssertEndsAsync(code, command);
}
