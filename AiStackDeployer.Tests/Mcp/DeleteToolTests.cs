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
        var end = await _pipe.Client.EndOfAsync(deployment_id);

        Assert.Equal("deleting", begun.Text("status"));
        Assert.Equal(("completed", "Deleted: the name is free."), (end.Text("status"), end.Text("next")));
        Assert.Equal(2, end["kept_volumes"]!.AsArray().Count);
        Assert.DoesNotContain(portal.Emulator.World.Projects, p => p.Name == "ai-stack-del-ready");
        Assert.True((await _pipe.Client.AskAsync("check_name_availability", new { name = "del-ready" }))["available"]!.GetValue<bool>());
        var diagnosis = await _pipe.Client.AskAsync("diagnose_deployment", new { deployment_id });
        Assert.Equal("deleted", diagnosis.Text("code"));
        await _pipe.Client.RefuseAsync("stack-not-found", "delete_stack", wish);
    }

    [Theory]
    [InlineData("2026-07-28", true)]
    [InlineData("2025-11-25", false)]
    public async Task A_client_that_can_ask_its_user_does_so_before_anything_is_deleted(string revision, bool asks)
    {
        var name = "del-ask-" + revision[..4];
        List<string> asked = [];
        var press = "decline";
        using var http = new HttpMcp(portal.Root, portal.NewScript());
        await using var client = await http.ConnectAsync(revision, question =>
        {
            asked.Add(question);
            return press;
        });
        await client.DeployAsync(name);
        var wish = new { name, confirm_name = name };
        if (asks)
        {
            await client.RefuseAsync("not-confirmed", "delete_stack", wish);
            await client.RefuseAsync("confirmation-differs", "delete_stack", new { name, confirm_name = "other" });
            Assert.Contains(portal.Emulator.World.Projects, p => p.Name == "ai-stack-" + name);
        }
        press = "accept";

        Assert.Equal("deleting", (await client.AskAsync("delete_stack", wish)).Text("status"));

        Assert.Equal(asks ? [$"Delete the stack {name} for good?", $"Delete the stack {name} for good?"] : [], asked);
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
        using var gate = await portal.HoldAsync("application.create");
        var deployment_id = (await _pipe.Client.AskAsync("deploy_stack", new { name = "del-busy" })).Text("deployment_id");
        await gate.Arrived.WaitAsync(TestContext.Current.CancellationToken);

        var refusal = await _pipe.Client.RefuseAsync("stack-busy", "delete_stack", new { name = "del-busy", confirm_name = "del-busy" });

        Assert.Equal(deployment_id, refusal.Text("deployment_id"));
    }

    [Fact]
    public async Task Deleting_twice_is_one_deletion_and_it_cannot_be_cancelled()
    {
        await _pipe.Client.DeployAsync("del-twice");
        using var gate = await portal.HoldAsync("application.delete");
        var wish = new { name = "del-twice", confirm_name = "del-twice" };
        var deployment_id = (await _pipe.Client.AskAsync("delete_stack", wish)).Text("deployment_id");
        await gate.Arrived.WaitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(deployment_id, (await _pipe.Client.AskAsync("delete_stack", wish)).Text("deployment_id"));
        await _pipe.Client.RefuseAsync("cannot-be-cancelled", "cancel_deployment", new { deployment_id });

        gate.Release();
        Assert.Equal(
            "completed", (await _pipe.Client.EndOfAsync(deployment_id)).Text("status"));
    }

    [Fact]
    public async Task A_name_is_found_however_it_is_typed()
    {
        await _pipe.Client.DeployAsync("del-typed");

        var begun = await _pipe.Client.AskAsync("delete_stack", new { name = "Del-Typed", confirm_name = " del-typed " });

        Assert.Equal("del-typed", begun.Text("name"));
    }

    [Theory]
    [InlineData("nobodys-name", "stack-not-found")]
    [InlineData("admin", "stack-not-found")] // reserved now, which says nothing about the stacks that are there
    [InlineData("not a name", "name-illegal-character")]
    [InlineData("", "name-empty")]
    public async Task A_name_of_nobodys_is_not_found_and_one_that_is_none_is_told_the_rule(string name, string code) =>
        await _pipe.Client.RefuseAsync(code, "delete_stack", new { name, confirm_name = name });

    [Fact]
    public async Task After_its_deletion_a_stack_is_not_offered_any_more_by_the_deployment_that_made_it()
    {
        var deployment_id = await _pipe.Client.DeployAsync("del-since");
        using var gate = await portal.HoldAsync("application.delete");
        var deletion = (await _pipe.Client.AskAsync("delete_stack", new { name = "del-since", confirm_name = "del-since" })).Text("deployment_id");
        await gate.Arrived.WaitAsync(TestContext.Current.CancellationToken);

        var meanwhile = (await _pipe.Client.AskAsync("check_deployment_status", new { deployment_id })).Text("next");
        gate.Release();
        await _pipe.Client.EndOfAsync(deletion);
        var state = await _pipe.Client.AskAsync("check_deployment_status", new { deployment_id });
        var diagnosis = await _pipe.Client.AskAsync("diagnose_deployment", new { deployment_id });
        var cancel = await _pipe.Client.RefuseAsync("deployment-ended", "cancel_deployment", new { deployment_id });
        var retry = await _pipe.Client.RefuseAsync("retry-not-needed", "deploy_stack", new { name = "del-since", retry_of = deployment_id });
        var list = (await _pipe.Client.AskAsync("list_deployments", new { search = "del-since" }))["deployments"]!.AsArray();

        const string gone = "The stack is deleted since. deploy_stack makes a new one.";
        Assert.Equal($"Overtaken: call check_deployment_status for {deletion}.", meanwhile);
        Assert.Equal(("completed", gone), (state.Text("status"), state.Text("next")));
        Assert.Equal(("deleted-since", gone), (diagnosis.Text("code"), diagnosis.Text("next")));
        Assert.Equal(gone, cancel.Text("next"));
        Assert.Equal(gone, retry.Text("next"));
        Assert.Equal([(deletion, "delete"), (deployment_id, "deploy")], list.Select(d => (d!.Text("deployment_id"), d!.Text("kind"))));
        await _pipe.Client.RefuseAsync("retry-of-deletion", "deploy_stack", new { name = "del-since", retry_of = deletion });
    }
}
