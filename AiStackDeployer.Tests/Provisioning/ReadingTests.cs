using AiStackDeployer.Contract;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Dokploy;
using AiStackDeployer.Core.Provisioning;

namespace AiStackDeployer.Tests.Provisioning;

/// <summary>What Docker and Dokploy write, and what it means.</summary>
public sealed class ReadingTests
{
    private static readonly HashSet<string> None = [];
    private static readonly TestKit.TestSecrets Secrets = new();

    [Theory]
    [InlineData("Error response from daemon: manifest for r/nope:1 not found: manifest unknown: manifest unknown\n❌ Pulling image failed", FailureCode.ImageNotFound)]
    [InlineData("Error response from daemon: Head \"http://r/v2/private/manifests/1\": no basic auth credentials\n❌ Pulling image failed", FailureCode.ImagePullDenied)]
    [InlineData("Error response from daemon: pull access denied for x, repository does not exist or may require 'docker login'", FailureCode.ImagePullDenied)]
    [InlineData("❌ Login failed", FailureCode.ImagePullDenied)]
    [InlineData("dial tcp: lookup registry: no such host\n❌ Pulling image failed", FailureCode.ImagePullFailed)]
    [InlineData("no suitable node (insufficient resources on 1 node)", FailureCode.Unschedulable)]
    [InlineData("something else entirely", FailureCode.DeployFailed)]
    [InlineData(null, FailureCode.DeployFailed)]
    public void A_deploy_log_names_the_cause(string? log, FailureCode code) => Assert.Equal(code, DeployLogReader.Classify(log));

    [Theory]
    [InlineData("Failed less than a second ago", 0)]
    [InlineData("Failed 5 seconds ago", 4.5)]
    [InlineData("Failed about a minute ago", 30)]
    [InlineData("Failed 12 minutes ago", 690)]
    [InlineData("Failed about an hour ago", 1800)]
    [InlineData("Complete 3 days ago", 216_000)]
    [InlineData("Failed", 0)]
    public void The_age_of_a_task_is_never_taken_for_more_than_it_is(string text, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), DockerAge.AtLeast(text));

    [Fact]
    public void A_running_task_runs() =>
        Assert.IsType<TaskVerdict.Running>(TaskVerdict.Judge([Task(SwarmTaskState.Running, SwarmTaskState.Running)], None));

    [Fact]
    public void No_task_at_all_is_not_yet() => Assert.Null(Assert.IsType<TaskVerdict.NotYet>(TaskVerdict.Judge([], None)).State);

    [Fact]
    public void One_container_that_ended_is_a_stumble_and_two_are_a_loop()
    {
        var failed = Task(SwarmTaskState.Shutdown, SwarmTaskState.Failed, "task: non-zero exit (3)");
        var next = Task(SwarmTaskState.Ready, SwarmTaskState.Ready);

        var stumble = Assert.IsType<TaskVerdict.NotYet>(TaskVerdict.Judge([next, failed], None));
        var loop = Assert.IsType<TaskVerdict.Hopeless>(TaskVerdict.Judge([next, failed, failed with { TaskId = "older" }], None));

        Assert.Equal((1, "task: non-zero exit (3)"), (stumble.EndedBefore, stumble.LastEnd));
        Assert.Equal(FailureCode.CrashLoop, loop.Code);
    }

    [Theory]
    [InlineData("task: non-zero exit (137)")]
    [InlineData("task: non-zero exit (137): OOMKilled")]
    public void A_container_killed_for_its_memory_is_told_from_one_that_crashed(string reason)
    {
        var killed = Task(SwarmTaskState.Shutdown, SwarmTaskState.Failed, reason);

        var verdict = TaskVerdict.Judge([killed, killed with { TaskId = "older" }], None);

        Assert.Equal(FailureCode.OutOfMemory, Assert.IsType<TaskVerdict.Hopeless>(verdict).Code);
    }

    [Theory]
    [InlineData("No such image: r/x:1@sha256:00", FailureCode.ImageNotFound)]
    [InlineData("invalid mount config for type \"bind\"", FailureCode.ContainerRejected)]
    public void A_rejected_task_is_hopeless_at_once(string error, FailureCode code) =>
        Assert.Equal(
            code,
            Assert.IsType<TaskVerdict.Hopeless>(TaskVerdict.Judge([Task(SwarmTaskState.Shutdown, SwarmTaskState.Rejected, error)], None)).Code);

    [Fact]
    public void A_pending_task_with_an_error_has_no_node() =>
        Assert.Equal(
            "no suitable node (insufficient resources on 1 node)",
            Assert.IsType<TaskVerdict.NoNode>(TaskVerdict.Judge(
                [Task(SwarmTaskState.Running, SwarmTaskState.Pending, "no suitable node (insufficient resources on 1 node)")], None)).Reason);

    [Fact]
    public void Ends_of_an_earlier_version_do_not_count()
    {
        var old = Task(SwarmTaskState.Shutdown, SwarmTaskState.Failed, "task: non-zero exit (1)") with { TaskId = "old" };

        var verdict = TaskVerdict.Judge([Task(SwarmTaskState.Running, SwarmTaskState.Starting), old, old with { TaskId = "older" }], new HashSet<string> { "old", "older" });

        Assert.IsType<TaskVerdict.NotYet>(verdict);
    }

    [Theory]
    [InlineData("password is hunter2 and more", "password is ••• and more")]
    [InlineData("PASSWORD=abc123 next", "PASSWORD=••• next")]
    [InlineData("api_key: 'abc'", "api_key: '•••'")]
    [InlineData("cloning https://bob:tok@git.example.org/x", "cloning https://•••@git.example.org/x")]
    [InlineData("Authorization: Bearer abcdefghijkl", "Authorization: ••• •••")]
    [InlineData("\u001b[31mred\u001b[0m\u0007", "red")]
    [InlineData("\u202Eright to left\u202C, \u2067isolated\u2069 \uFEFFand\u200B joined\u200D", "right to left, isolated and joined")]
    [InlineData("soft\u00ADhyphen, \u061Cmark, \u2028line\u2029paragraph, tag\U000E0041", "softhyphen, mark, lineparagraph, tag")]
    [InlineData("pass\u200Bword is hun\u2060ter\u001b[1m2", "password is •••")]
    [InlineData("Ça marche 🚀", "Ça marche 🚀")]
    public void A_line_of_another_program_is_made_fit_to_be_shown(string line, string shown) =>
        Assert.Equal(shown, SecretMask.Mask(line, ["hunter2"]));

    [Fact]
    public void A_stacks_own_password_is_masked_and_so_is_what_is_derived_from_it() => Assert.Equal(
        ["I have ••• and •••"],
        SecretMask.Lines($"I have hunter2 and {StackKeys.IngestToken("hunter2")}", 9, new ProvisioningOptions().SecretTextsOf(Secrets.Protect("hunter2"), null, Secrets)));

    [Fact]
    public void What_every_stack_is_given_is_masked_and_words_that_stand_in_any_log_are_not()
    {
        var options = new ProvisioningOptions
        {
            Environment = new Dictionary<string, string>
            {
                ["SHORT"] = "sk-ant-1", ["LONG"] = "sk-ant-1-and-more", ["LINES"] = "-----BEGIN KEY-----\nMIIBOgIBAAJBAK", ["MODE"] = "release", ["PORT"] = "3000",
            },
            Registry = new RegistryLogin("registry.test", "puller", "pw"),
        };

        Assert.Equal(
            ["••• and •••, not release at 3000", "login ••• •••", "•••", "•••"],
            SecretMask.Lines("sk-ant-1 and sk-ant-1-and-more, not release at 3000\nlogin pw hunter2\n-----BEGIN KEY-----\r\nMIIBOgIBAAJBAK", 9, ["hunter2", .. options.SecretTexts]));
    }

    [Fact]
    public void A_line_without_end_is_cut() => Assert.Equal(501, SecretMask.Mask(new string('x', 100_000), []).Length);

    private static SwarmTask Task(SwarmTaskState desired, SwarmTaskState current, string? error = null) => new()
    {
        TaskId = "task", DesiredState = desired, CurrentState = current, CurrentStateText = $"{current} 1 second ago", Error = error,
    };
}
