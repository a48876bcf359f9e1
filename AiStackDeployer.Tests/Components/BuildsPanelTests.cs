using AiStackDeployer.Core.Builds;
using AiStackDeployer.Tests.Builds;
using AiStackDeployer.Tests.Logs;
using AiStackDeployer.Tests.TestKit;
using AiStackDeployer.Web.Components.Admin;
using AiStackDeployer.Web.Presentation;
using AngleSharp.Dom;
using Bunit;
using Microsoft.Extensions.DependencyInjection;

namespace AiStackDeployer.Tests.Components;

public sealed class BuildsPanelTests : PageWorld, IAsyncLifetime
{
    private FakeGitea? _gitea;

    public async ValueTask InitializeAsync() => _gitea = await FakeGitea.StartAsync();

    public new async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _gitea!.DisposeAsync();
    }

    protected override void AddServices(IServiceCollection services) =>
        services.AddSingleton(_ => _gitea!.Services(Time).GetRequiredService<BuildRuns>());

    [Fact]
    public void A_run_stands_there_with_commit_duration_age_and_state_and_leads_to_gitea()
    {
        _gitea!.Runs.AddRange([FakeGitea.Run(8, "in_progress", null), FakeGitea.Run(7, conclusion: "failure")]);

        var panel = Render<BuildsPanel>();

        panel.WaitForAssertion(() => Assert.Equal(
            ["Commit 8 Run 8 · 00000008 main for 2 h Running", "Commit 7 Run 7 · 00000007 main took 3 min, 2 h ago Failed"],
            panel.FindAll("li").Select(li => string.Join(' ', li.Descendants<IText>().Select(text => text.Text.Trim()).Where(text => text.Length > 0)))));
        Assert.Equal("https://git.test/company/ai-stack/actions/runs/8", panel.Find("li a").GetAttribute("href"));
    }

    [Fact]
    public void It_says_when_a_newer_image_was_built_than_new_stacks_get()
    {
        // New stacks get registry.test/stack:1.
        _gitea!.Runs.AddRange([FakeGitea.Run(2), FakeGitea.Run(1)]);

        var panel = Render<BuildsPanel>();

        panel.WaitForAssertion(() => Assert.Equal(
            "A newer image was built: Run 2 · 00000002. New stacks still get Run 1 · 00000001, going by the tag of registry.test/stack:1.", panel.Find(".mud-alert-message").TextContent.Trim()));
    }

    [Fact]
    public void While_gitea_is_away_what_it_said_last_stands_there_with_its_age()
    {
        _gitea!.Runs.Add(FakeGitea.Run(1));
        var panel = Render<BuildsPanel>();
        panel.WaitForAssertion(() => Assert.Single(panel.FindAll("li")));
        Assert.Contains("New stacks get the newest image: Run 1 · 00000001", panel.Markup, StringComparison.Ordinal);

        _gitea.Instead = FakeIngest.Status(502);
        Time.Advance(BuildRuns.Kept);

        panel.WaitForAssertion(() => Assert.Equal(
            "Gitea reported an error. This is what it said 60 s ago.", panel.Find(".mud-alert-message").TextContent.Trim()));
        Assert.Single(panel.FindAll("li"));
    }

    [Theory]
    [InlineData("en")]
    [InlineData("nl")]
    public void Every_state_and_trouble_has_its_words(string language)
    {
        Speak(language);
        var text = Services.GetRequiredService<BuildText>();

        Assert.All(Enum.GetValues<BuildState>(), state => Assert.DoesNotContain("state-", text.Chip(state).Word, StringComparison.Ordinal));
        Assert.All(Enum.GetValues<GiteaFault>(), fault => Assert.DoesNotContain("trouble-", text.Trouble(fault), StringComparison.Ordinal));
    }
}

public sealed class NoBuildsTests : PageWorld
{
    [Fact]
    public void Without_a_gitea_there_is_no_panel() => Assert.Equal("", Render<BuildsPanel>().Markup.Trim());
}
