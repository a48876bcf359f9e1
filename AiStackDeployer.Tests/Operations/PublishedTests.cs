using System.Diagnostics;
using System.Globalization;
using System.Net;
using AiStackDeployer.DokployEmulator;
using AiStackDeployer.Tests.TestKit;

namespace AiStackDeployer.Tests.Operations;

/// <summary>
/// The image's content without an engine to build images: published by the Dockerfile's own lines, then run as its container
/// runs it: as uid 1654, without a capability, on a root file system that cannot be written, with one writable folder.
/// </summary>
public sealed class PublishedTests : IAsyncLifetime
{
    private const int GivesUpAfter = 900_000;
    private const string Version = "9.8.7-rc.1";
    private const string Revision = "0123456789abcdef";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("portal-published-");
    private DokployEmulatorHost _dokploy = null!;

    private string App => Path.Combine(_folder.FullName, "app");

    private string Data => Path.Combine(_folder.FullName, "data");

    public async ValueTask InitializeAsync() => _dokploy = await DokployEmulatorHost.StartAsync(
        new EmulatorOptions { Pace = 0, StackBootTime = TimeSpan.Zero }, TimeProvider.System, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _dokploy.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact(Timeout = GivesUpAfter)]
    public async Task What_the_dockerfile_publishes_deploys_a_stack_as_its_user_with_one_writable_folder_and_stops_when_told()
    {
        Assert.SkipUnless(await MayMountAsync(), "A read-only root file system needs the right to mount; in a container: --cap-add SYS_ADMIN, and no AppArmor.");
        await PublishAsync();
        Assert.Equal($"{Version}+{Revision}", FileVersionInfo.GetVersionInfo(Path.Combine(App, "AiStackDeployer.Web.dll")).ProductVersion);
        Directory.CreateDirectory(Data);
        await RunAsync("chown", ["1654:1654", Data], _folder.FullName);
        await RunAsync("chmod", ["-R", "a+rX", _folder.FullName], _folder.FullName);

        await using var portal = StartConfined("");
        var root = new Uri(await AddressAsync(portal));
        using var person = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = root };
        await portal.LineAsync("Ready: the engine has started", TestContext.Current.CancellationToken);
        await using (var healthy = StartConfined("--health", root.Port))
        {
            Assert.Equal(0, await healthy.EndAsync(TestContext.Current.CancellationToken));
        }
        Assert.Equal(Version, (await person.GetJsonAsync("health")).Text("version"));

        // The whole way: claim, keys, engine, Dokploy, readiness; and a page with its assets.
        var started = await person.StartAsync("design-lab");
        await using (var events = await EventReader.OpenAsync(person, started.Text("deploymentId")))
        {
            Assert.Equal("complete", (await events.RestAsync())[^1].Type);
        }
        Assert.NotNull(started["credentials"]?["password"]);
        using (var page = await person.GetAsync("/", TestContext.Current.CancellationToken))
        {
            Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        }
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(Data, "keys")));

        await portal.AskToStopAsync();
        Assert.Equal(0, await portal.EndAsync(TestContext.Current.CancellationToken));
        await using var gone = StartConfined("--health", root.Port);
        Assert.Equal(1, await gone.EndAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>The restore and publish lines of the Dockerfile, on what the builder would be sent.</summary>
    private async Task PublishAsync()
    {
        var source = Path.Combine(_folder.FullName, "source");
        Dockerfile.CopyContext(source);
        var arch = System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "arm64" : "amd64";
        var lines = Dockerfile.Read().Where(l => l.Instruction == "RUN" && l.Argument.StartsWith("dotnet ", StringComparison.Ordinal)).ToList();
        Assert.Equal(["restore", "publish"], lines.Select(l => l.Argument.Split(' ')[1]));
        foreach (var (_, argument) in lines)
        {
            var words = argument.Replace("$TARGETARCH", arch, StringComparison.Ordinal).Replace("$VERSION", Version, StringComparison.Ordinal)
                .Replace("$REVISION", Revision, StringComparison.Ordinal).Replace(" -o /app", $" -o {App}", StringComparison.Ordinal).Split(' ');
            await RunAsync(words[0], words[1..], source);
        }
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
        return await mount.EndAsync(TestContext.Current.CancellationToken) == 0;
    }

    private ProgramProcess StartConfined(string argument, int port = 0)
    {
        // The folder of data stays writable because it is a mount of its own; everything else is not, /tmp included.
        const string Confine =
            """mount --bind "$0" "$0" && mount -o remount,ro,bind / && cd / && exec setpriv --reuid=1654 --regid=1654 --clear-groups --no-new-privs --inh-caps=-all --bounding-set=-all "$@" """;
        var stacks = _dokploy.StacksUrl.Port.ToString(CultureInfo.InvariantCulture);
        return ProgramProcess.Start(
            "unshare",
            [
                "--mount", "--propagation", "private", "bash", "-c", Confine, Data, Path.Combine(App, "AiStackDeployer.Web"),
                .. argument.Length > 0 ? [argument] : Array.Empty<string>(),
            ],
            "/",
            new Dictionary<string, string>
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Production", ["ASPNETCORE_HTTP_PORTS"] = "", ["DOTNET_ROOT"] = Path.GetDirectoryName(DotnetPath())!,
                ["HOST"] = "127.0.0.1", ["PORT"] = port.ToString(CultureInfo.InvariantCulture), ["DATA_DIR"] = Data, ["METRICS_PORT"] = "none", ["ALLOWED_HOSTS"] = "localhost",
                ["DOKPLOY_URL"] = _dokploy.ApiUrl.ToString(), ["DOKPLOY_API_TOKEN"] = _dokploy.ApiKey, ["STACK_IMAGE"] = PortalFactory.Image,
                ["STACK_DOMAIN_SUFFIX"] = "ai.localhost", ["STACK_SCHEME"] = "http", ["STACK_PUBLIC_PORT"] = stacks, ["TRAEFIK_IP"] = $"127.0.0.1:{stacks}",
            });
    }

    private static async Task<string> AddressAsync(ProgramProcess portal)
    {
        var line = await portal.LineAsync("Now listening on", TestContext.Current.CancellationToken);
        var at = line.IndexOf("http://127.0.0.1:", StringComparison.Ordinal);
        return line[at..line.IndexOf('"', at)];
    }

    /// <summary>The runtime this test runs on: &lt;root&gt;/shared/Microsoft.NETCore.App/&lt;version&gt;/ holds its core library.</summary>
    private static string DotnetPath() =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "..", "..", "..", "dotnet"));

    private static async Task RunAsync(string program, IReadOnlyList<string> arguments, string folder)
    {
        await using var process = ProgramProcess.Start(program, arguments, folder, new Dictionary<string, string>());
        Assert.True(await process.EndAsync(TestContext.Current.CancellationToken) == 0, process.Output);
    }
}
