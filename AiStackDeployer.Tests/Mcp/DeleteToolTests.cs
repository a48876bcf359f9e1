using AiStackDeployer.Tests.TestKit;

namespace AiStackDeployer.Tests.Mcp;

public sealed class DeleteToolTests(PortalFactory portal) : IClassFixture<PortalFactory>, IAsyncLifetime
{
    private McpPipe _pipe = null!;

    public async ValueTask InitializeAsync() => _pipe = await McpPipe.OpenAsync(portal.Services);

    public ValueTask DisposeAsync() => _pipe.DisposeAsync();

    [Fact]
    public async Task A_confirmed_name_is_deleted_and_free_again()
    {
        await _pipe.Client.DeployAsync("del-ready");
        var wish = new { name = "del-ready", confirm_name = "del-ready" };

        var begun = await _pipe.Client.AskAsync("delete_stack", wish);
        var deployment_id = begun.Text("deployment_id");
        var end = await _pipe.Client.AskAsync("wait_for_deployment", new { deployment_id, timeout_seconds = 300 });

        Assert.Equal("deleting", begun.Text("status"));
        Assert.Equal(("completed", "Deleted: the name is free."), (end.Text("status"), end.Text("next")));
        Assert.Equal(2, end["kept_volumes"]!.AsArray().Count);
        Assert.DoesNotContain(portal.Emulator.World.Projects, p => p.Name == "ai-stack-del-ready");
        Assert.True((await _pipe.Client.AskAsync("check_name_availability", new { name = "del-ready" }))["available"]!.GetValue<bool>());
        var diagnosis = await _pipe.Client.AskAsync("diagnose_deployment", new { deployment_id });
        Assert.Equal("deleted", diagnosis.Text("code"));
        await _pipe.Client.RefuseAsync("stack-not-found", "delete_stack", wish);
    }

    [Fact]
    public async Task Another_confirmation_deletes_nothing()
    {
        var deployment_id = await _pipe.Client.DeployAsync("del-differs");

        await _pipe.Client.RefuseAsync("confirmation-differs", "delete_stack", new { name = "del-differs", confirm_name = "del-difers" });

        Assert.Contains(portal.Emulator.World.Projects, p => p.Name == "ai-stack-del-differs");
        Assert.Equal("completed", (await _pipe.Client.AskAsync("check_deployment_status", new { deployment_id })).Text("status"));
    }

    [Fact]
    public async Task One_that_is_being_made_leads_to_its_deployment()
    {
        using var gate = portal.Emulator.World.Faults.Hold("application.create");
        var deployment_id = (await _pipe.Client.AskAsync("deploy_stack", new { name = "del-busy" })).Text("deployment_id");
        await gate.Arrived.WaitAsync(TestContext.Current.CancellationToken);

        var refusal = await _pipe.Client.RefuseAsync("stack-busy", "delete_stack", new { name = "del-busy", confirm_name = "del-busy" });

        Assert.Equal(deployment_id, refusal.Text("deployment_id"));
    }

    [Fact]
    public async Task Deleting_twice_is_one_deletion_and_it_cannot_be_cancelled()
    {
        await _pipe.Client.DeployAsync("del-twice");
        using var gate = portal.Emulator.World.Faults.Hold("application.delete");
        var wish = new { name = "del-twice", confirm_name = "del-twice" };
        var deployment_id = (await _pipe.Client.AskAsync("delete_stack", wish)).Text("deployment_id");
        await gate.Arrived.WaitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(deployment_id, (await _pipe.Client.AskAsync("delete_stack", wish)).Text("deployment_id"));
        await _pipe.Client.RefuseAsync("deletion-goes-on", "cancel_deployment", new { deployment_id });

        gate.Release();
        Assert.Equal(
            "completed", (await _pipe.Client.AskAsync("wait_for_deployment", new { deployment_id, timeout_seconds = 300 })).Text("status"));
    }

    [Theory]
    [InlineData("nobodys-name")]
    [InlineData("not a name")]
    public async Task A_name_of_nobodys_is_not_found(string name) =>
        await _pipe.Client.RefuseAsync("stack-not-found", "delete_stack", new { name, confirm_name = name });
}
