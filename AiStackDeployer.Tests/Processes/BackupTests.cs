using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using AiStackDeployer.Core.Persistence;
using AiStackDeployer.DokployEmulator;
using AiStackDeployer.Tests.Operations;
using AiStackDeployer.Tests.TestKit;
using Microsoft.Data.Sqlite;

namespace AiStackDeployer.Tests.Processes;

/// <summary>
/// <c>backup</c> and <c>restore</c> as an operator runs them, beside a portal that runs or was killed, against an emulated Dokploy
/// that goes on living.
/// </summary>
public sealed class BackupTests : IAsyncLifetime
{
    private const int GivesUpAfter = 240_000;
    private const string Words = "correct horse battery staple";

    private readonly DirectoryInfo _backups = Directory.CreateTempSubdirectory("portal-backups-");
    private DokployEmulatorHost _dokploy = null!;
    private PortalHome _home = null!;

    private string BackupFile => Path.Combine(_backups.FullName, "portal.backup");

    public async ValueTask InitializeAsync()
    {
        _dokploy = await DokployEmulatorHost.StartAsync(
            new EmulatorOptions { Pace = 0, StackBootTime = TimeSpan.Zero }, TimeProvider.System, TestContext.Current.CancellationToken);
        _home = PortalHome.For(_dokploy);
    }

    public async ValueTask DisposeAsync()
    {
        await _home.DisposeAsync();
        await _dokploy.DisposeAsync();
        _backups.Delete(recursive: true);
    }

    /// <param name="call">The backup is taken while the portal waits for this call's answer.</param>
    /// <param name="afterWork">Whether Dokploy had done the work by then.</param>
    [Theory(Timeout = GivesUpAfter)]
    [InlineData("project.create", false)]
    [InlineData("application.create", true)]
    [InlineData("application.deploy", true)]
    [InlineData("docker.getServiceContainersByAppName", false)]
    public async Task Restored_to_the_middle_of_a_deployment_that_had_completed_since_it_completes_again_with_one_of_everything(string call, bool afterWork)
    {
        await _home.StartAsync(TestContext.Current.CancellationToken);
        using var person = _home.NewPerson();
        var gate = _dokploy.World.Faults.Hold(call, afterWork);
        var started = await person.StartAsync("design-lab");
        await gate.Arrived.WaitAsync(TestContext.Current.CancellationToken);
        await AssertEndsAsync(0, "backup", BackupFile);
        gate.Release();
        await Completion.AssertAsync(_dokploy, _home, person, started);
        var deploysBefore = _dokploy.World.Calls.Count("application.deploy");

        await _home.Process.TerminateAsync();
        await AssertEndsAsync(0, "restore", BackupFile, "--force");
        await _home.StartAsync(TestContext.Current.CancellationToken);

        await Completion.AssertAsync(_dokploy, _home, person, started);
        Assert.Equal(deploysBefore, _dokploy.World.Calls.Count("application.deploy"));
    }

    [Fact(Timeout = GivesUpAfter)]
    public async Task On_a_new_machine_a_deployment_goes_on_with_the_password_that_only_the_restored_keys_open()
    {
        await _home.With("BACKUP_PASSPHRASE", Words).StartAsync(TestContext.Current.CancellationToken);
        using var person = _home.NewPerson();
        // The password is needed after this call, for the first time.
        var gate = _dokploy.World.Faults.Hold("application.create", afterWork: true);
        var started = await person.StartAsync("design-lab");
        await gate.Arrived.WaitAsync(TestContext.Current.CancellationToken);
        await AssertEndsAsync(0, "backup", BackupFile);
        await _home.Process.KillAsync();
        gate.Release();

        await using var machine = PortalHome.For(_dokploy).With("BACKUP_PASSPHRASE", Words);
        await using (var restore = await machine.RunAsync("restore", BackupFile))
        {
            Assert.True(restore.ExitCode == 0, restore.Output);
            Assert.Contains("the keys open 1 of 1 passwords", restore.Printed, StringComparison.Ordinal);
        }
        await machine.StartAsync(TestContext.Current.CancellationToken);
        using var visitor = machine.NewPerson();

        await Completion.AssertAsync(_dokploy, machine, visitor, started);
    }

    [Fact(Timeout = GivesUpAfter)]
    public async Task A_second_portal_on_the_same_data_ends_with_code_3_and_the_first_one_does_not_notice()
    {
        await _home.StartAsync(TestContext.Current.CancellationToken);
        using var person = _home.NewPerson();
        var gate = _dokploy.World.Faults.Hold("application.create", afterWork: true);
        var started = await person.StartAsync("design-lab");
        await gate.Arrived.WaitAsync(TestContext.Current.CancellationToken);

        await using (var second = await _home.RunAsync())
        {
            Assert.Equal(3, second.ExitCode);
            Assert.Contains($"Another portal runs on {_home.Data.Path}", second.Output, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", second.Output, StringComparison.Ordinal);
        }

        gate.Release();
        await Completion.AssertAsync(_dokploy, _home, person, started);
    }

    [Fact(Timeout = GivesUpAfter)]
    public async Task A_restore_is_refused_while_the_portal_runs_and_goes_through_as_soon_as_it_was_killed()
    {
        await _home.StartAsync(TestContext.Current.CancellationToken);
        await AssertEndsAsync(0, "backup", BackupFile);

        var refused = await AssertEndsAsync(3, "restore", BackupFile, "--force");
        Assert.Contains("Nothing was restored.", refused, StringComparison.Ordinal);

        await _home.Process.KillAsync();
        await AssertEndsAsync(0, "restore", BackupFile, "--force");
    }

    [Fact(Timeout = GivesUpAfter)]
    public async Task Each_refusal_has_its_code_and_sentence_and_no_secret_is_told()
    {
        await AssertEndsAsync(3, "backup", BackupFile);
        await _home.StartAsync(TestContext.Current.CancellationToken);
        var passphrase = Path.Combine(_backups.FullName, "passphrase");
        await File.WriteAllTextAsync(passphrase, Words + "\n", TestContext.Current.CancellationToken);
        var told = new List<string>
        {
            await AssertEndsAsync(2, "backup"),
            await AssertEndsAsync(2, "backup", BackupFile, "--passphrase", Words),
            await AssertEndsAsync(2, "backup", BackupFile, "--passphrase-file", passphrase + "-none"),
            await AssertEndsAsync(0, "backup", BackupFile, "--passphrase-file", passphrase),
            await AssertEndsAsync(5, "backup", BackupFile, "--passphrase-file", passphrase),
            await AssertEndsAsync(0, "backup", BackupFile, "--passphrase-file", passphrase, "--force"),
        };
        await _home.Process.TerminateAsync();
        await File.WriteAllTextAsync(passphrase, Words + " but another\n", TestContext.Current.CancellationToken);
        told.AddRange(
        [
            await AssertEndsAsync(5, "restore", BackupFile, "--passphrase-file", passphrase),
            await AssertEndsAsync(4, "restore", BackupFile, "--passphrase-file", passphrase, "--force"),
            await AssertEndsAsync(2, "restore", BackupFile, "--force"),
            await AssertEndsAsync(4, "restore", BackupFile + "-none", "--force"),
            await AssertEndsAsync(2, "restore"),
        ]);
        await File.WriteAllTextAsync(passphrase, "too short\n", TestContext.Current.CancellationToken);
        told.Add(await AssertEndsAsync(2, "backup", BackupFile, "--passphrase-file", passphrase, "--force"));

        Assert.All(told, text => Assert.DoesNotContain(Words, text, StringComparison.Ordinal));
        Assert.All(told, text => Assert.DoesNotContain("   at ", text, StringComparison.Ordinal));
    }

    [Fact(Timeout = GivesUpAfter)]
    public async Task One_line_on_standard_output_says_what_was_done_and_what_is_not_encrypted_is_warned_of()
    {
        await _home.StartAsync(TestContext.Current.CancellationToken);

        await using var plain = await _home.RunAsync("backup", BackupFile);
        await using var sealedOne = await _home.With("BACKUP_PASSPHRASE", Words).RunAsync("backup", BackupFile + "-2");

        Assert.Contains("Warning: the backup is not encrypted", plain.Output, StringComparison.Ordinal);
        Assert.Contains(BackupFile, Assert.Single(plain.Printed.Split('\n')), StringComparison.Ordinal);
        Assert.Equal(sealedOne.Output, Assert.Single(sealedOne.Printed.Split('\n')));
    }

    [Fact(Timeout = GivesUpAfter)]
    public async Task A_backup_without_the_keys_of_its_passwords_is_warned_of_when_it_is_restored()
    {
        await _home.StartAsync(TestContext.Current.CancellationToken);
        using var person = _home.NewPerson();
        await Completion.AssertAsync(_dokploy, _home, person, await person.StartAsync("design-lab"));
        await _home.Process.TerminateAsync();
        Directory.Delete(_home.Data.Keys, recursive: true);
        await AssertEndsAsync(0, "backup", BackupFile);

        var told = await AssertEndsAsync(0, "restore", BackupFile, "--force");

        Assert.Contains("Warning: 1 of 1 stacks' passwords cannot be opened", told, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(_home.Data.Keys));
    }

    [Fact(Timeout = GivesUpAfter)]
    public async Task A_dash_sends_it_into_a_pipe_with_nothing_else_in_it()
    {
        await _home.StartAsync(TestContext.Current.CancellationToken);
        var start = new ProcessStartInfo("dotnet", [ProgramProcess.DllOf("AiStackDeployer.Web"), "backup", "-"])
        {
            WorkingDirectory = _backups.FullName, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["DATA_DIR"] = _home.Data.Path;
        using var process = Process.Start(start)!;
        var told = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        using var piped = new MemoryStream();
        await process.StandardOutput.BaseStream.CopyToAsync(piped, TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(process.ExitCode == 0, await told);
        piped.Position = 0;
        await using var zip = new GZipStream(piped, CompressionMode.Decompress);
        await using var tar = new TarReader(zip);
        Assert.Equal("manifest.json", (await tar.GetNextEntryAsync(cancellationToken: TestContext.Current.CancellationToken))!.Name);
        await File.WriteAllBytesAsync(BackupFile, piped.ToArray(), TestContext.Current.CancellationToken);
        await _home.Process.TerminateAsync();
        await AssertEndsAsync(0, "restore", BackupFile, "--force");
    }

    [Fact(Timeout = GivesUpAfter)]
    public async Task On_the_data_of_a_newer_program_the_portal_ends_with_code_3_and_says_what_to_do()
    {
        await _home.StartAsync(TestContext.Current.CancellationToken);
        await _home.Process.TerminateAsync();
        await using (var connection = new SqliteConnection($"Data Source={_home.Data.Database};Pooling=False"))
        {
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            SqliteCopy.Execute(connection, "INSERT INTO __EFMigrationsHistory VALUES ('29990101000000_Newer', '99.0.0')");
        }

        await using var older = await _home.RunAsync();

        Assert.Equal(3, older.ExitCode);
        Assert.Contains("29990101000000_Newer", older.Output, StringComparison.Ordinal);
        Assert.Contains("Start the newer version, or restore a backup", older.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", older.Output, StringComparison.Ordinal);
    }

    [Fact(Timeout = GivesUpAfter)]
    public async Task The_guides_drill_beside_a_portal_shows_its_stacks_and_does_not_touch_its_dokploy()
    {
        await _home.StartAsync(TestContext.Current.CancellationToken);
        using var person = _home.NewPerson();
        // What a copy with the portal's own settings would take up at once.
        var gate = _dokploy.World.Faults.Hold("application.create", afterWork: true);
        var started = await person.StartAsync("design-lab");
        await gate.Arrived.WaitAsync(TestContext.Current.CancellationToken);
        await AssertEndsAsync(0, "backup", BackupFile);
        await _home.Process.KillAsync();
        gate.Release();
        var calls = _dokploy.World.Calls.Counts.Sum(c => c.Value);
        var secrets = _backups.CreateSubdirectory("secrets").FullName;
        await File.WriteAllTextAsync(Path.Combine(secrets, "DOKPLOY_API_TOKEN"), _dokploy.ApiKey, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(_backups.FullName, ".env"), $"DOKPLOY_URL={_dokploy.ApiUrl}\n", TestContext.Current.CancellationToken);

        await using var drill = ProgramProcess.Start(
            "bash", ["-euc", Drill()], _backups.FullName,
            new Dictionary<string, string>
            {
                ["TMPDIR"] = _backups.FullName, ["SECRETS_DIR"] = secrets, ["DOKPLOY_URL"] = _dokploy.ApiUrl.ToString(), ["DOKPLOY_API_TOKEN"] = _dokploy.ApiKey,
                ["STACK_IMAGE"] = PortalFactory.Image, ["ASPNETCORE_ENVIRONMENT"] = "Production", ["DATA_DIR"] = _home.Data.Path,
            });
        var listening = await drill.LineAsync("Now listening on", TestContext.Current.CancellationToken);
        using var visitor = new HttpClient { BaseAddress = new Uri(listening[listening.IndexOf("http://", StringComparison.Ordinal)..].Split('"')[0]) };

        Assert.Equal("design-lab", (await visitor.StatusAsync(started.Text("deploymentId"))).Text("name"));
        // It has gone on in the emulated one, or else would have here.
        await using (var reader = await EventReader.OpenAsync(visitor, started.Text("deploymentId")))
        {
            await reader.RestAsync();
        }
        Assert.Equal(calls, _dokploy.World.Calls.Counts.Sum(c => c.Value));
    }

    /// <summary>The guide's own lines, with this program and this backup, on any free ports.</summary>
    private string Drill()
    {
        var guide = File.ReadAllText(Path.Combine(Dockerfile.Root, "docs", "OPERATIONS.md")).Split("\n### The drill")[1].Split("```sh\n")[1].Split("```")[0];
        const string Installed = "/opt/ai-stack-deployer/AiStackDeployer.Web";
        Assert.Equal(2, guide.Split($"\n{Installed} ").Length - 1);
        return guide.Replace(Installed, $"dotnet '{ProgramProcess.DllOf("AiStackDeployer.Web")}'", StringComparison.Ordinal)
            .Replace("/backups/portal-2026-03-04.backup", BackupFile, StringComparison.Ordinal)
            .Replace(" --passphrase-file /etc/ai-stack-deployer/secrets/BACKUP_PASSPHRASE", "", StringComparison.Ordinal)
            .Replace("=3999", "=0", StringComparison.Ordinal).Replace("=3998", "=0", StringComparison.Ordinal).Replace("=3997", "=0", StringComparison.Ordinal);
    }

    private async Task<string> AssertEndsAsync(int code, params string[] command)
    {
        await using var process = await _home.RunAsync(command);
        Assert.True(process.ExitCode == code, $"{string.Join(' ', command)} ended with {process.ExitCode}:\n{process.Output}");
        return process.Output;
    }
}
