using System.Globalization;
using AiStackDeployer.Core.People;
using AiStackDeployer.Core.Persistence;
using AiStackDeployer.DokployEmulator;

namespace AiStackDeployer.Tests.TestKit;

/// <summary>
/// Where a portal's process lives: its folder with database and keys, its port and its settings. Processes come and go in it, as
/// on a server that is restarted; the port stays the same.
/// </summary>
internal sealed class PortalHome : IAsyncDisposable
{
    private readonly Dictionary<string, string> _settings;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("portal-process-");
    private ProgramProcess? _process;

    private PortalHome(Dictionary<string, string> settings) => _settings = settings;

    /// <summary>The one that runs now, or ran last.</summary>
    public ProgramProcess Process => _process ?? throw new InvalidOperationException("Not started yet.");

    public string Folder => _folder.FullName;

    public DataFolder Data => new(Folder);

    /// <summary>With a trailing slash; known before the first start.</summary>
    public Uri Root { get; } = new($"http://127.0.0.1:{Text(FreePort.Next())}/");

    public Uri Metrics { get; } = new($"http://127.0.0.1:{Text(FreePort.Next())}/metrics");

    /// <summary>With this emulator as its Dokploy.</summary>
    public static PortalHome For(DokployEmulatorHost emulator, string environment = "Production")
    {
        var stacks = Text(emulator.StacksUrl.Port);
        return new PortalHome(new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = environment,
            ["DOKPLOY_URL"] = emulator.ApiUrl.ToString(),
            ["DOKPLOY_API_TOKEN"] = emulator.ApiKey,
            ["STACK_IMAGE"] = PortalFactory.Image,
            ["PUBLIC_URL"] = "http://localhost",
            ["AUTH"] = "none",
            ["STACK_DOMAIN_SUFFIX"] = "ai.localhost",
            ["STACK_SCHEME"] = "http",
            ["STACK_PUBLIC_PORT"] = stacks,
            ["TRAEFIK_IP"] = $"127.0.0.1:{stacks}",
        });
    }

    /// <summary>As on a fresh machine: nothing configured but what keeps tests apart.</summary>
    public static PortalHome Unconfigured() => new(new Dictionary<string, string> { ["ASPNETCORE_ENVIRONMENT"] = "Development" });

    public PortalHome With(string key, string value)
    {
        _settings[key] = value;
        return this;
    }

    /// <summary>A process that listens.</summary>
    public async Task<ProgramProcess> StartAsync(CancellationToken cancellationToken)
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }
        _process = NewProcess();
        await _process.LineAsync("Now listening on", cancellationToken);
        return _process;
    }

    /// <summary>A process that may never come to listen, and takes lines on its standard input.</summary>
    public async Task<ProgramProcess> LaunchAsync(string firstLine)
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }
        _process = ProgramProcess.StartListening("AiStackDeployer.Web", _folder.FullName, Settings());
        _process.Tell(firstLine);
        return _process;
    }

    /// <summary>A command of the program, with the same settings: ends with this code. What it wrote.</summary>
    public async Task<string> AssertEndsAsync(int code, params string[] command)
    {
        await using var process = await RunAsync(command);
        Assert.True(process.ExitCode == code, $"{string.Join(' ', command)} ended with {process.ExitCode}:\n{process.Output}");
        return process.Output;
    }

    /// <summary>
    /// Another process of the program beside the one that runs, with the same settings: a command, or without arguments a portal.
    /// Returns when it has ended by itself.
    /// </summary>
    public async Task<ProgramProcess> RunAsync(params string[] arguments)
    {
        var process = NewProcess(arguments);
        try
        {
            await process.EndAsync(TestContext.Current.CancellationToken);
            return process;
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>A browser or a script that keeps its cookies, also over a restart.</summary>
    public HttpClient NewPerson() =>
        new(new BrowserCookies()) { BaseAddress = Root, Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Somebody whom the sign-in page of Development knows.</summary>
    public async Task<HttpClient> SignInAsync(string name, Role role = Role.User)
    {
        var person = NewPerson();
        await person.SignInAsync(name, role);
        return person;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }
        _folder.Delete(recursive: true);
    }

    private ProgramProcess NewProcess(params string[] arguments) =>
        ProgramProcess.Start("AiStackDeployer.Web", _folder.FullName, Settings(), arguments);

    private Dictionary<string, string> Settings() => new(_settings)
    {
        ["HOST"] = "127.0.0.1", ["PORT"] = Text(Root.Port), ["DATA_DIR"] = Data.Path,
        ["METRICS_PORT"] = Text(Metrics.Port),
        ["LIMIT_FACTOR"] = "none", ["STACKS_PER_PERSON"] = "none",
    };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
