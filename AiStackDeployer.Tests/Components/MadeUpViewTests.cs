using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Tests.Deployments.Operations;
using AiStackDeployer.Tests.TestKit;
using AiStackDeployer.Web.Components.Deploy;
using AiStackDeployer.Web.Resources;
using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;
using TestContext = Xunit.TestContext;

namespace AiStackDeployer.Tests.Components;

/// <summary>The page of an operation that the product does not have needs nothing but its words.</summary>
public sealed class MadeUpViewTests : PageWorld
{
    [Fact]
    public async Task It_shows_the_operation_in_its_own_words_from_begin_to_end()
    {
        var made = await MakeAsync("design-lab");
        var id = await BeginAsync(made);
        var view = Render<DeploymentView>(parameters => parameters.Add(v => v.DeploymentId, id));
        view.WaitForAssertion(() => Assert.Equal("op-made-up-queued of design-lab", view.Find("h1").TextContent));

        Store.Change(id, d =>
        {
            var run = d.BeginRun(Now)!.Value;
            d.BeginStep(run, DeploymentStep.AwaitReadiness, Now);
        });
        view.WaitForAssertion(() => Assert.Equal("op-made-up-running of design-lab", view.Find("h1").TextContent));
        Assert.Equal(4, view.FindAll(".step").Count);

        Store.Change(id, d => d.Fail(d.Run, new DeploymentFailure(FailureCode.AddressHttp, d.CurrentStep), Now));
        view.WaitForAssertion(() => Assert.Equal("op-made-up-failed of design-lab", view.Find("h1").TextContent));
        Assert.Contains(view.FindAll("button"), button => button.TextContent.Trim() == "op-made-up-retry of");
    }

    protected override void AddServices(IServiceCollection services)
    {
        services.AddSingleton<StringLocalizer<PageTexts>>();
        services.AddSingleton<IStringLocalizer<PageTexts>, Words>();
    }

    private async Task<string> BeginAsync(string of)
    {
        var stack = Store.All.Single(d => d.Id == of).Stack;
        var begun = await Services.GetRequiredService<DeploymentService>().BeginAsync(
            new OperationRequest { Operation = MadeUpOperation.Instance, StackId = stack.Id, RequestId = "req_made_up" }, TestContext.Current.CancellationToken);
        return Assert.IsType<BeginResult.Started>(begun).Deployment.Id;
    }

    /// <summary>The product's words, and the made-up operation's.</summary>
    private sealed class Words(StringLocalizer<PageTexts> real) : IStringLocalizer<PageTexts>
    {
        public LocalizedString this[string name] => this[name, ""];

        public LocalizedString this[string name, params object[] arguments] => name.StartsWith("op-made-up-", StringComparison.Ordinal)
            ? new LocalizedString(name, $"{name} of {arguments[0]}")
            : real[name, arguments];

        public IEnumerable<LocalizedString> GetAllStrings(bool includeParentCultures) => real.GetAllStrings(includeParentCultures);
    }
}
