using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using AiStackDeployer.Tests.TestKit;

namespace AiStackDeployer.Tests.Operations;

[CollectionDefinition(PublishedProgram.Name)]
public sealed class PublishedProgramTests : ICollectionFixture<PublishedProgram>;

/// <summary>
/// The image's content without an engine to build images: the Dockerfile's first stage, line by line in a folder of its own, so that
/// each RUN meets only the files that were copied before it. Made once for all tests.
/// </summary>
public sealed partial class PublishedProgram : IAsyncLifetime
{
    public const string Name = "Published program";
    public const string Version = "9.8.7-rc.1";
    public const string Revision = "0123456789abcdef";

    private static readonly Dictionary<string, string> Given = new()
    {
        ["TARGETARCH"] = RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "arm64" : "amd64", ["VERSION"] = Version, ["REVISION"] = Revision,
        // More than half of the publish, and the program does the same without: the usual run leaves it out.
        ["READY_TO_RUN"] = Environment.GetEnvironmentVariable("AIST_READY_TO_RUN") ?? "false",
    };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("portal-published-");
    private readonly Dictionary<string, string> _environment = [];
    private string _workFolder = "/";

    /// <summary>Where the image has <c>/app</c>.</summary>
    public string App => Inside("/app");

    /// <summary>The runtime this test runs on: &lt;root&gt;/shared/Microsoft.NETCore.App/&lt;version&gt;/ holds its core library.</summary>
    public static string DotnetRoot { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "..", "..", ".."));

    public async ValueTask InitializeAsync()
    {
        var context = Path.Combine(_folder.FullName, "context");
        Dockerfile.CopyContext(context);
        foreach (var (instruction, argument) in Dockerfile.Read().SkipWhile(l => l.Instruction != "FROM").Skip(1).TakeWhile(l => l.Instruction != "FROM"))
        {
            switch (instruction)
            {
                case "ARG":
                    _environment[argument.Split('=')[0]] = Given[argument.Split('=')[0]];
                    break;
                case "ENV":
                    // Of the framework's own welcome and telemetry, no business of a test.
                    break;
                case "WORKDIR":
                    Directory.CreateDirectory(_workFolder = Inside(argument));
                    break;
                case "COPY":
                    await CopyAsync(context, argument.Split(' '));
                    break;
                case "RUN":
                    // A path of the image is one below the folder.
                    await RunAsync("sh", ["-euc", Rooted().Replace(argument, m => Inside(m.Value))]);
                    break;
                default:
                    throw new NotSupportedException($"The Dockerfile's first stage has a line that this does not know: {instruction} {argument}");
            }
        }
        // As a COPY makes it for the user that the container runs as.
        await RunAsync("chmod", ["-R", "a+rX", _folder.FullName]);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>Files go into the last one; of a folder what is in it does.</summary>
    private async Task CopyAsync(string context, string[] paths)
    {
        var target = Path.Combine(_workFolder, paths[^1]);
        Directory.CreateDirectory(target);
        var sources = paths[..^1].Select(p => Path.Combine(context, p)).Select(p => Directory.Exists(p) ? p + "/." : p);
        await RunAsync("cp", ["-R", .. sources, target]);
    }

    private async Task RunAsync(string program, IReadOnlyList<string> arguments)
    {
        await using var process = ProgramProcess.Start(program, arguments, _workFolder, _environment);
        Assert.True(await process.EndAsync(TestContext.Current.CancellationToken) == 0, process.Output);
    }

    private string Inside(string path) => _folder.FullName + path;

    [GeneratedRegex(@"(?<= )/\w+")]
    private static partial Regex Rooted();
}
