using System.Diagnostics;
using System.Globalization;
using AiStackDeployer.Tests.TestKit;
using Npgsql;

[assembly: AssemblyFixture(typeof(PostgresOfAllTests))]

namespace AiStackDeployer.Tests.TestKit;

/// <summary>A PostgreSQL server of Debian's package, on 127.0.0.1 and with a folder of its own, that knows no other databases than a test's.</summary>
internal sealed class TestPostgres : IAsyncDisposable
{
    private static readonly Lazy<Task<TestPostgres>> Common = new(() => StartAsync());

    private readonly DirectoryInfo _folder;
    private readonly int _port;
    private Process _server;
    private int _databases;

    private TestPostgres(DirectoryInfo folder, int port, Process server) => (_folder, _port, _server) = (folder, port, server);

    /// <summary>The one that tests share which do not stop it; started by the first of them.</summary>
    public static Task<TestPostgres> SharedAsync() => Common.Value;

    public static async Task<TestPostgres> StartAsync(params string[] settings)
    {
        var folder = Directory.CreateTempSubdirectory("pg-");
        if (IsRoot)
        {
            await RunAsync("chown", "postgres", folder.FullName);
        }
        await RunAsUserAsync(Program("initdb"), "-D", Path.Combine(folder.FullName, "data"), "-A", "trust", "-U", "portal", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8");
        var port = FreePort.Next();
        var postgres = new TestPostgres(folder, port, Launch(folder, port, settings));
        await postgres.UntilReadyAsync();
        return postgres;
    }

    public int Port => _port;

    public string ConnectionStringOf(string database) =>
        new NpgsqlConnectionStringBuilder { Host = "127.0.0.1", Port = _port, Database = database, Username = "portal" }.ConnectionString;

    public string UrlOf(string database) => string.Create(CultureInfo.InvariantCulture, $"postgres://portal@127.0.0.1:{_port}/{database}");

    /// <returns>Its name.</returns>
    public async Task<string> CreateDatabaseAsync(string? template = null)
    {
        var name = $"test_{Interlocked.Increment(ref _databases)}";
        await ExecuteAsync("postgres", template is null ? $"CREATE DATABASE {name}" : $"CREATE DATABASE {name} TEMPLATE {template}");
        return name;
    }

    public Task DropDatabaseAsync(string database) => ExecuteAsync("postgres", $"DROP DATABASE IF EXISTS {database} WITH (FORCE)");

    public async Task<object?> ExecuteAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionStringOf(database) + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    public async Task StartAgainAsync()
    {
        _server.Dispose();
        _server = Launch(_folder, _port, []);
        await UntilReadyAsync();
    }

    /// <summary>As an administrator stops it: every connection is ended.</summary>
    public async Task StopAsync()
    {
        // SIGINT to the postmaster is "fast": it ends all sessions and then itself. The process that was started may be runuser.
        var postmaster = (await File.ReadAllLinesAsync(Path.Combine(_folder.FullName, "data", "postmaster.pid")))[0];
        await RunAsync("kill", "-INT", postmaster);
        await _server.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_server.HasExited)
        {
            await StopAsync();
        }
        _server.Dispose();
        _folder.Delete(recursive: true);
    }

    internal static async Task StopSharedAsync()
    {
        if (Common.IsValueCreated)
        {
            await (await Common.Value).DisposeAsync();
        }
    }

    private static bool IsRoot => Environment.UserName == "root";

    private static string Program(string name) =>
        Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(d => d, StringComparer.Ordinal)
            .Select(version => Path.Combine(version, "bin", name)).First(File.Exists);

    private static Process Launch(DirectoryInfo folder, int port, string[] settings) => Process.Start(AsUser(
        Program("postgres"),
        [
            "-D", Path.Combine(folder.FullName, "data"), "-k", folder.FullName, "-h", "127.0.0.1", "-p", port.ToString(CultureInfo.InvariantCulture),
            .. new[] { "fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=400", "jit=off", "logging_collector=off", "log_min_messages=panic" }
                .Concat(settings).SelectMany(setting => new[] { "-c", setting }),
        ]))!;

    private async Task UntilReadyAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            try
            {
                await ExecuteAsync("postgres", "SELECT 1");
                return;
            }
            catch (NpgsqlException) when (!_server.HasExited)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, limit.Token);
            }
        }
    }

    private static async Task RunAsUserAsync(string program, params string[] arguments) => await EndAsync(AsUser(program, arguments));

    private static async Task RunAsync(string program, params string[] arguments) =>
        await EndAsync(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true });

    private static async Task EndAsync(ProcessStartInfo start)
    {
        using var process = Process.Start(start)!;
        var output = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{start.FileName} ended with {process.ExitCode}: {string.Join('\n', await output)}");
        }
    }

    // PostgreSQL refuses to run as root.
    private static ProcessStartInfo AsUser(string program, string[] arguments)
    {
        var start = IsRoot ? new ProcessStartInfo("runuser", ["-u", "postgres", "--", program, .. arguments]) : new ProcessStartInfo(program, arguments);
        start.WorkingDirectory = Path.GetTempPath();
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        return start;
    }
}

/// <summary>Stops the shared server after the last test.</summary>
public sealed class PostgresOfAllTests : IAsyncDisposable
{
    public async ValueTask DisposeAsync() => await TestPostgres.StopSharedAsync();
}
