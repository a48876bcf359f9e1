using System.Diagnostics;
using System.Globalization;
using AiStackDeployer.DokployEmulator;
using AiStackDeployer.Tests.Browser;
using AiStackDeployer.Tests.TestKit;
using AiStackDeployer.Web.Composition;

namespace AiStackDeployer.Tests.Operations;

/// <summary>What the Dockerfile publishes, run in Production against an emulated Dokploy.</summary>
[Collection(PublishedProgram.Name)]
public sealed class PublishedTests(PublishedProgram program) : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("portal-published-run-");
    private DokployEmulatorHost _dokploy = null!;

    private string Data => Path.Combine(_folder.FullName, "data");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _dokploy = await DokployEmulatorHost.StartAsync(
        new EmulatorOptions { Pace = 0, StackBootTime = TimeSpan.Zero }, TimeProvider.System, Token);

    public async ValueTask DisposeAsync()
    {
        await _dokploy.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Its_form_comes_alive_in_a_browser_and_deploys_a_stack()
    {
        await using var portal = ProgramProcess.Start(Executable(program.App), [], _folder.FullName, Settings());
        var root = await AddressAsync(portal);
        await using var browser = await TestBrowser.LaunchAsync();
        await using var ann = await browser.VisitAsync(root);

        await ann.DeployAsync("design-lab");

        await ann.SeeAsync("Your stack is ready");
    }

    /// <summary>
    /// As its container runs it: as uid 1654, without a capability, on a root file system that cannot be written, with one writable folder.
    /// </summary>
    [Fact]
    public async Task It_deploys_a_stack_as_its_user_with_one_writable_folder_and_stops_when_told()
    {
        Assert.SkipUnless(await MayMountAsync(), "A read-only root file system needs the right to mount; in a container: --cap-add SYS_ADMIN, and no AppArmor.");
        Assert.Equal(
            $"{PublishedProgram.Version}+{PublishedProgram.Revision}",
            FileVersionInfo.GetVersionInfo(Path.Combine(program.App, "AiStackDeployer.Web.dll")).ProductVersion);
        Directory.CreateDirectory(Data);
        await RunAsync("chown", "1654:1654", Data);
        await RunAsync("chmod", "a+rX", _folder.FullName);

        await using var portal = StartConfined("");
        var root = await AddressAsync(portal);
        using var person = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = root };
        await portal.LineAsync("Ready: the engine has started", Token);
        await using (var healthy = StartConfined("--health", root.Port))
        {
            Assert.Equal(0, await healthy.EndAsync(Token));
        }
        Assert.Equal(PublishedProgram.Version, (await person.GetJsonAsync("health")).Text("version"));

        // The whole way: claim, keys, engine, Dokploy, readiness.
        var started = await person.StartAsync("design-lab");
        await using (var events = await EventReader.OpenAsync(person, started.Text("deploymentId")))
        {
            Assert.Equal("complete", (await events.RestAsync())[^1].Type);
        }
        Assert.NotNull(started["credentials"]?["password"]);
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(Data, "keys")));

        await portal.AskToStopAsync();
        Assert.Equal(0, await portal.EndAsync(Token));
        await using var gone = StartConfined("--health", root.Port);
        Assert.Equal(1, await gone.EndAsync(Token));
    }

    [Fact]
    public async Task Without_blazors_script_it_does_not_start_and_leaves_the_data_alone()
    {
        var copy = Path.Combine(_folder.FullName, "app");
        await RunAsync("cp", "-RT", program.App, copy);
        foreach (var script in Directory.GetFiles(Path.Combine(copy, "wwwroot", "_framework")))
        {
            File.Delete(script);
        }

        await using var portal = ProgramProcess.Start(Executable(copy), [], _folder.FullName, Settings());

        Assert.Equal(StartFailure.Incomplete, await portal.EndAsync(Token));
        Assert.Contains("files of its pages are missing (_framework/blazor.web.js", portal.Output, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(Data, "portal.db")));
    }

    /// <summary>Not a question of who runs this: root in a container has no such right unless it was given.</summary>
    private static async Task<bool> MayMountAsync()
    {
        if (!OperatingSystem.IsLinux())
        {
            return false;
        }
        await using var mount = ProgramProcess.Start(
            "unshare", ["--mount", "--propagation", "private", "mount", "-o", "remount,ro,bind", "/"], "/", new Dictionary<string, string>());
        return await mount.EndAsync(Token) == 0;
    }

    private ProgramProcess StartConfined(string argument, int port = 0)
    {
        // The folder of data stays writable because it is a mount of its own; everything else is not, /tmp included.
        const string Confine =
            """mount --bind "$0" "$0" && mount -o remount,ro,bind / && cd / && exec setpriv --reuid=1654 --regid=1654 --clear-groups --no-new-privs --inh-caps=-all --bounding-set=-all "$@" """;
        return ProgramProcess.Start(
            "unshare",
            [
                "--mount", "--propagation", "private", "bash", "-c", Confine, Data, Executable(program.App),
                .. argument.Length > 0 ? [argument] : Array.Empty<string>(),
            ],
            "/", Settings(port));
    }

    private Dictionary<string, string> Settings(int port = 0)
    {
        var stacks = _dokploy.StacksUrl.Port.ToString(CultureInfo.InvariantCulture);
        return new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production", ["ASPNETCORE_HTTP_PORTS"] = "", ["DOTNET_ROOT"] = PublishedProgram.DotnetRoot,
            ["HOST"] = "127.0.0.1", ["PORT"] = port.ToString(CultureInfo.InvariantCulture), ["DATA_DIR"] = Data, ["METRICS_PORT"] = "none", ["PUBLIC_URL"] = "http://localhost", ["AUTH"] = "none",
            ["DOKPLOY_URL"] = _dokploy.ApiUrl.ToString(), ["DOKPLOY_API_TOKEN"] = _dokploy.ApiKey, ["STACK_IMAGE"] = PortalFactory.Image,
            ["STACK_DOMAIN_SUFFIX"] = "ai.localhost", ["STACK_SCHEME"] = "http", ["STACK_PUBLIC_PORT"] = stacks, ["TRAEFIK_IP"] = $"127.0.0.1:{stacks}",
        };
    }

    private static string Executable(string app) => Path.Combine(app, "AiStackDeployer.Web");

    private static async Task<Uri> AddressAsync(ProgramProcess portal)
    {
        var line = await portal.LineAsync("Now listening on", Token);
        var at = line.IndexOf("http://127.0.0.1:", StringComparison.Ordinal);
        return new Uri(line[at..line.IndexOf('"', at)]);
    }

    private async Task RunAsync(string tool, params string[] arguments)
    {
        await using var process = ProgramProcess.Start(tool, arguments, _folder.FullName, new Dictionary<string, string>());
        Assert.True(await process.EndAsync(Token) == 0, process.Output);
    }
}
