using System.Globalization;
using AiStackDeployer.Tests.TestKit;

namespace AiStackDeployer.Tests.Operations;

/// <summary>
/// <c>ops/smoke.sh</c> on the published program. In the engine's place stands a script that knows the few commands used and whose
/// container is a process of this machine.
/// </summary>
[Collection(PublishedProgram.Name)]
public sealed class SmokeTests(PublishedProgram program) : IDisposable
{
    private const string Engine =
        """
        #!/usr/bin/env bash
        cd "$(dirname "$0")"
        given=$*
        case $1 in
          create)
            while [ $# -gt 1 ]; do
              [ "$1" = --env ] && echo "export $2" >> environment
              shift
            done
            echo a-container ;;
          start)
            . ./environment
            export HOST=127.0.0.1 METRICS_HOST=127.0.0.1 PORT METRICS_PORT EMULATOR_API_PORT=0 EMULATOR_STACKS_PORT=0 DATA_DIR=$PWD/data
            ("$APP/AiStackDeployer.Web" > log 2>&1 & echo $! > pid; wait $!; echo $? > code.part; mv code.part code) > /dev/null 2>&1 & ;;
          inspect)
            case $given in
              *Running*) [ -e code ] && echo false || echo true ;;
              *ExitCode*) cat code ;;
              *Health*) HOST=127.0.0.1 "$APP/AiStackDeployer.Web" --health 2> /dev/null && echo healthy || echo starting ;;
              *) exit 1 ;;
            esac ;;
          port) [ "$3" = 3000/tcp ] && echo "127.0.0.1:$PORT" || echo "127.0.0.1:$METRICS_PORT" ;;
          logs) cat log ;;
          stop)
            kill -TERM "$(cat pid)"
            until [ -e code ]; do sleep 0.1; done ;;
          rm) [ -e code ] || kill -KILL "$(cat pid)" ;;
        esac
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("portal-smoke-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_good_image_passes_every_step()
    {
        var (code, output) = await SmokeAsync(program.App);

        Assert.True(code == 0, output);
        foreach (var step in new[] { "healthy after", "scripts and styles are there", "the form is live", "a stack was deployed", "all is well" })
        {
            Assert.Contains(step, output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_program_that_ends_by_itself_fails_with_its_last_lines()
    {
        var copy = Path.Combine(_folder.FullName, "app");
        await using (var cp = ProgramProcess.Start("cp", ["-RT", program.App, copy], "/", new Dictionary<string, string>()))
        {
            await cp.EndAsync(TestContext.Current.CancellationToken);
        }
        File.Delete(Path.Combine(copy, "wwwroot", "_content", "MudBlazor", "MudBlazor.min.js"));

        var (code, output) = await SmokeAsync(copy);

        Assert.Equal(1, code);
        Assert.Contains("smoke: FAILED: the portal ended by itself, with code 6", output, StringComparison.Ordinal);
        Assert.Contains("_content/MudBlazor/MudBlazor.min.js", output, StringComparison.Ordinal);
    }

    private async Task<(int Code, string Output)> SmokeAsync(string app)
    {
        var engine = Path.Combine(_folder.FullName, "docker");
        await File.WriteAllTextAsync(engine, Engine, TestContext.Current.CancellationToken);
        await using var smoke = ProgramProcess.Start(
            "bash", ["-c", "chmod +x docker && exec bash \"$0\" an-image", Path.Combine(Dockerfile.Root, "ops", "smoke.sh")], _folder.FullName,
            new Dictionary<string, string>
            {
                ["PATH"] = $"{_folder.FullName}:{Environment.GetEnvironmentVariable("PATH")}", ["APP"] = app,
                ["PORT"] = FreePort.Next().ToString(CultureInfo.InvariantCulture), ["METRICS_PORT"] = FreePort.Next().ToString(CultureInfo.InvariantCulture),
                ["DOTNET_ROOT"] = PublishedProgram.DotnetRoot,
            });
        return (await smoke.EndAsync(TestContext.Current.CancellationToken), smoke.Output);
    }
}
