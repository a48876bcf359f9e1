using System.Text.RegularExpressions;
using AiStackDeployer.Tests.TestKit;

namespace AiStackDeployer.Tests.Operations;

/// <summary>What runs these tests elsewhere, and what it tells of them.</summary>
public sealed partial class WorkflowTests : IDisposable
{
    private static readonly string Workflow = File.ReadAllText(Path.Combine(Dockerfile.Root, ".gitea", "workflows", "ci.yaml"));

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("portal-ci-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Every_action_is_named_by_its_commit_with_the_version_beside_it()
    {
        var actions = Uses().Matches(Workflow).Select(m => m.Groups[1].Value).ToList();

        Assert.Equal(9, actions.Count);
        Assert.All(actions, a => Assert.Matches(@"@[0-9a-f]{40} # v\d+\.\d+\.\d+$", a));
    }

    [Fact]
    public void It_may_read_the_source_and_nothing_else()
    {
        Assert.Equal("contents: read", Assert.Single(Permissions().Matches(Workflow)).Groups[1].Value.Trim());
        // Written by the builder into the registry, with the registry's own login.
        Assert.Contains("provenance: mode=max", Workflow, StringComparison.Ordinal);
    }

    [Fact]
    public void No_image_is_pushed_that_was_not_tried_before() => Assert.InRange(
        Workflow.IndexOf("run: bash ${{ matrix.try }} ${{ matrix.image }}:scan\n", StringComparison.Ordinal),
        Workflow.IndexOf("tags: ${{ matrix.image }}:scan\n", StringComparison.Ordinal),
        Workflow.IndexOf("push: true", StringComparison.Ordinal));

    [Fact]
    public void Every_image_of_ours_is_built_and_tried_by_a_file_that_exists()
    {
        var files = Matrix().Matches(Workflow).Select(m => m.Groups[1].Value).ToList();

        Assert.Equal(["Dockerfile", "ops/smoke.sh", "AiStackDeployer.LogIngest/Dockerfile", "ops/smoke-ingest.sh", "stack/Dockerfile", "stack/smoke.sh"], files);
        Assert.All(files, f => Assert.True(File.Exists(Path.Combine(Dockerfile.Root, f)), f));
    }

    [Fact]
    public async Task The_run_ends_with_what_was_skipped_and_why_and_one_plain_line()
    {
        var lines = await RunAsync(
            """
            <assemblies><assembly name="tests" total="4" passed="2" failed="0" skipped="1" not-run="1" errors="0"><collection>
            <test id="1" name="Rooms.Opens" result="Pass"><output>said</output></test>
            <test id="1" name="Rooms.Closes" result="Pass" />
            <test id="1" name="Rooms.Measures" result="NotRun" />
            <test id="1" name="Rooms.Locks(&quot;a&quot;)" result="Skip"><reason><![CDATA[There is no key.]]></reason></test>
            </collection></assembly></assemblies>
            """,
            exitCode: 0);

        Assert.Equal(["SKIPPED Rooms.Locks(\"a\")", "    There is no key.", "1 skipped", "2 passed, 0 failed"], lines);
    }

    [Fact]
    public async Task The_run_ends_with_what_failed_and_why()
    {
        var lines = await RunAsync(
            """
            <assemblies><assembly name="tests" total="2" passed="1" failed="1" skipped="0" not-run="0" errors="0"><collection>
            <test id="1" name="Rooms.Opens" result="Pass" />
            <test id="1" name="Rooms.Closes" result="Fail"><failure><message><![CDATA[It stays open.]]></message><stack-trace>at Rooms</stack-trace></failure></test>
            </collection></assembly></assemblies>
            """,
            exitCode: 1);

        Assert.Equal(["FAILED Rooms.Closes", "    It stays open.", "    at Rooms", "0 skipped", "1 passed, 1 failed"], lines);
    }

    /// <summary>The real script, with a test program that leaves this report.</summary>
    private async Task<string[]> RunAsync(string report, int exitCode)
    {
        Directory.CreateDirectory(Path.Combine(_folder.FullName, ".ci"));
        File.Copy(Path.Combine(Dockerfile.Root, ".ci", "run"), Path.Combine(_folder.FullName, ".ci", "run"));
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "report"), report, TestContext.Current.CancellationToken);
        var tests = Path.Combine(_folder.FullName, "test.sh");
        // Copied first, because it may be executed and what is written into it then may be, too.
        File.Copy(Path.Combine(Dockerfile.Root, "test.sh"), tests);
        await File.WriteAllTextAsync(tests, $"#!/usr/bin/env bash\ncp report \"$2\"\nexit {exitCode}\n", TestContext.Current.CancellationToken);

        await using var run = ProgramProcess.Start("bash", [".ci/run"], _folder.FullName, new Dictionary<string, string>());

        Assert.Equal(exitCode, await run.EndAsync(TestContext.Current.CancellationToken));
        return run.Output.Split('\n');
    }

    [GeneratedRegex(@"uses: (\S+@\S+(?: # \S+)?)")]
    private static partial Regex Uses();

    [GeneratedRegex(@"^ +(?:file|try): ([\w./-]+)$", RegexOptions.Multiline)]
    private static partial Regex Matrix();

    [GeneratedRegex(@"^ *permissions:((?:\n +[\w-]+: \w+)+)", RegexOptions.Multiline)]
    private static partial Regex Permissions();
}
