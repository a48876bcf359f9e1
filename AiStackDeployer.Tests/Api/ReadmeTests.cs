using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AiStackDeployer.Tests.TestKit;

namespace AiStackDeployer.Tests.Api;

/// <summary>What the README tells to type.</summary>
public sealed partial class ReadmeTests(SignInPortal portal) : IClassFixture<SignInPortal>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Its_command_makes_a_stack_for_one_colleague_after_another()
    {
        var readme = await File.ReadAllTextAsync(Path.Combine(Path.GetDirectoryName(ApiGuide.File)!, "..", "README.md"), Token);
        var command = Begins().Match(readme).Value;

        foreach (var name in new[] { "readme-ann", "readme-bob" })
        {
            using var browser = await portal.SignInAsync(name);
            var token = await browser.MakeTokenAsync("read deploy credentials");
            var answer = await RunAsync(command.Replace("design-lab", name, StringComparison.Ordinal).Replace("aisd_…", token, StringComparison.Ordinal));

            Assert.True(answer["credentials"] is not null, answer.ToJsonString());
            Assert.Contains(name, answer.Text("url"), StringComparison.Ordinal);
        }
    }

    private async Task<JsonNode> RunAsync(string command)
    {
        var folder = Directory.CreateTempSubdirectory("readme-");
        const string Tools = "curl() { command curl -sS \"$@\"; }\n";
        var start = new ProcessStartInfo(
            "bash", ["-euo", "pipefail", "-c", Tools + command.Replace("http://localhost:3000/", portal.Root.ToString(), StringComparison.Ordinal)])
        {
            WorkingDirectory = folder.FullName, RedirectStandardOutput = true,
        };
        using var shell = Process.Start(start)!;
        var body = await shell.StandardOutput.ReadToEndAsync(Token);
        await shell.WaitForExitAsync(Token);
        folder.Delete(recursive: true);
        return JsonNode.Parse(body)!;
    }

    [GeneratedRegex(@"(?<=^## For scripts\n\n```sh\n)(?:[^`]*\n)?curl [^\n]*/api/deploy [^\n]*\n", RegexOptions.Multiline)]
    private static partial Regex Begins();
}
