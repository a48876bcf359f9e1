using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Diagnoses;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Tests.Diagnoses;
using AiStackDeployer.Tests.TestKit;
using AiStackDeployer.Web.Components.Diagnose;
using AiStackDeployer.Web.Security;
using Bunit;
using Microsoft.Extensions.DependencyInjection;

namespace AiStackDeployer.Tests.Components;

public sealed class DiagnosePartTests : PageWorld
{
    private readonly TaskCompletionSource<EvidenceAnswer> _tasks = new();

    protected override void AddServices(IServiceCollection services) => services
        .AddSingleton<IEvidenceSource>(new KnownSource(EvidenceSource.Address, (_, _) => Task.FromResult(
            EvidenceAnswer.Of(e => e with { Address = new AddressFacts(AddressLayer.Http, 502, HasOwnCertificate: false) }))))
        .AddSingleton<IEvidenceSource>(new KnownSource(EvidenceSource.Tasks, (_, _) => _tasks.Task));

    [Fact]
    public async Task It_asks_when_somebody_wants_to_know_fills_as_sources_answer_and_its_button_cures()
    {
        await MakeAsync("design-lab");
        var part = Render<DiagnosePart>(p => p.Add(d => d.Name, "design-lab"));
        Assert.Equal("Diagnose", part.Find("button").TextContent.Trim());

        part.Find("button").Click();
        part.WaitForAssertion(() => Assert.StartsWith("Asked 1 of", part.Find("[role=status]").TextContent, StringComparison.Ordinal));
        _tasks.SetResult(EvidenceAnswer.Of(e => e.Has()));
        part.WaitForElement("h2");
        part.WaitForAssertion(() => Assert.Empty(part.FindAll("[role=status]")));

        Assert.Contains("The proxy answers, but no container runs behind it.", part.Find("h2").TextContent, StringComparison.Ordinal);
        Assert.Contains("You can do this yourself.", part.Markup, StringComparison.Ordinal);
        Assert.Contains("design-lab.ai.example.org: http 502", part.Find("pre").TextContent, StringComparison.Ordinal);
        Assert.Empty(part.FindAll(".path"));
        Assert.Equal("api/stacks/design-lab/support-bundle", part.Find("a[download]").GetAttribute("href"));
        ButtonOf(part, "Restart")!.Click();
        Above.WaitForElement("[role=dialog]");
        DialogButton("Restart").Click();
        part.WaitForAssertion(() => Assert.Contains(Store.All, d => d.Operation == OperationCatalog.Restart));
        part.WaitForAssertion(() => Assert.Empty(part.FindAll("h2")));
    }

    [Fact]
    public async Task Whoever_may_only_look_sees_the_whole_way_and_no_button()
    {
        await MakeAsync("design-lab");
        SignIn("usr_reader", Policies.ViewDeployment);
        _tasks.SetResult(EvidenceAnswer.Of(e => e.Has()));
        var part = Render<DiagnosePart>(p => p.Add(d => d.Name, "design-lab").Add(d => d.IsWhole, true));

        part.Find("button").Click();
        part.WaitForElement(".path");

        Assert.Equal(
            ["Name good", "Connection good", "Certificate good", "Proxy broken here", "Password not reached", "Program not reached"],
            part.FindAll(".path li").Select(li => string.Join(' ', li.TextContent.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[^(li.TextContent.Contains("reached", StringComparison.Ordinal) || li.TextContent.Contains("here", StringComparison.Ordinal) ? 3 : 2)..])));
        Assert.Null(ButtonOf(part, "Restart"));
        Assert.Contains("The owner of the stack can do this.", part.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stack_that_is_gone_meanwhile_is_said_to_be()
    {
        await MakeAsync("design-lab");
        var part = Render<DiagnosePart>(p => p.Add(d => d.Name, "other-lab"));

        part.Find("button").Click();

        part.WaitForElement("[role=alert]");
    }

    private static AngleSharp.Dom.IElement? ButtonOf(IRenderedComponent<DiagnosePart> part, string word) =>
        part.FindAll("button").FirstOrDefault(button => button.TextContent.Trim() == word);
}
