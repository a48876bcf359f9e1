using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Tests.TestKit;
using AiStackDeployer.Web.Components.Deploy;
using Bunit;

namespace AiStackDeployer.Tests.Components;

public sealed class TraceLineTests : PageWorld
{
    [Fact]
    public async Task A_failed_deployment_shows_its_whole_trace_id_and_copies_it()
    {
        var id = await RunTo("design-lab", DeploymentStep.AwaitContainer);
        var view = Render<DeploymentView>(p => p.Add(v => v.DeploymentId, id));
        var trace = Store.All[0].TraceId;
        view.WaitForAssertion(() => Assert.Contains(trace[..4], view.Find(".hint").TextContent, StringComparison.Ordinal));
        Assert.DoesNotContain(trace, view.Markup, StringComparison.Ordinal);

        Fail(id, FailureCode.DeployFailed);
        view.WaitForAssertion(() => Assert.Equal(trace, view.Find(".trace .mono").TextContent));

        await view.Button("Copy the trace ID").ClickAsync();

        Above.WaitForAssertion(() => Assert.Equal(["Copied"], Messages));
        Assert.Equal([trace], Tab.Copied);
    }
}
