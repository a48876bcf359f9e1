using AiStackDeployer.Core.Audit;
using AiStackDeployer.Tests.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace AiStackDeployer.Tests.Mcp;

/// <summary>What an assistant's acts leave in the audit log.</summary>
public sealed class AuditedToolTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    [Fact]
    public async Task Every_act_of_a_tool_is_one_line_and_reading_is_none()
    {
        using var mcp = new HttpMcp(portal.Root, portal.NewPerson());
        await using var client = await mcp.ConnectAsync();

        var started = await client.AskAsync("deploy_stack", new { name = "audit-tool" });
        var id = started.Text("deployment_id");
        await client.EndOfAsync(id);
        await client.AskAsync("list_deployments");
        await client.RefuseAsync("retry-not-needed", "deploy_stack", new { name = "audit-tool", retry_of = id });
        await client.RefuseAsync("confirmation-differs", "delete_stack", new { name = "audit-tool", confirm_name = "audit" });
        await client.AskAsync("delete_stack", new { name = "audit-tool", confirm_name = "audit-tool" });

        var lines = await portal.Services.GetRequiredService<IAuditLog>().ReadAsync(new AuditQuery { Search = "audit-tool" }, TestContext.Current.CancellationToken);
        Assert.Equal(
            ["credentials.show Done", "stack.delete Done", "stack.delete Failed", "stack.deploy Done"], lines.Select(e => $"{e.Action} {e.Outcome}").Order());
        Assert.All(lines, e => Assert.Equal((AuditWay.Mcp, "127.0.0.1"), (e.Way, e.Address)));
        Assert.DoesNotContain(lines, e => $"{e}".Contains(started["credentials"]!.Text("password"), StringComparison.Ordinal));
    }
}
