using System.Text.Json;
using AiStackDeployer.Core;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Provisioning;
using AiStackDeployer.Core.Provisioning.Health;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.DokployEmulator;
using AiStackDeployer.DokployEmulator.Faults;
using AiStackDeployer.StackGate.Activity;
using AiStackDeployer.Tests.TestKit;
using Microsoft.Extensions.Time.Testing;

namespace AiStackDeployer.Tests.Provisioning;

/// <summary>What the portal learns of stacks' gates, from the emulated ones.</summary>
public sealed class StackGatesTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_gate_tells_the_portal_and_what_it_told_is_remembered()
    {
        await using var portal = await TestPortal.StartAsync();
        var stack = await DeployAsync(portal, "design-lab");
        var gates = portal.Get<IStackGates>();
        Assert.Null(gates.LastTold(stack.Id));

        var told = await gates.AskAsync(stack, Token);

        Assert.NotNull(told);
        Assert.Equal(("0.1.0", 0, "running", null), (told.Gate, told.SessionsAtWork, told.OpenCode!.State, told.LastUsedAt));
        Assert.Equal(told, gates.LastTold(stack.Id));
        Assert.False(gates.IsKnownWithout(stack.Id));
    }

    [Fact]
    public async Task A_stack_that_is_known_to_have_a_gate_is_not_asked_again()
    {
        await using var portal = await TestPortal.StartAsync();
        var stack = await DeployAsync(portal, "design-lab");
        var gates = portal.Get<IStackGates>();
        Assert.True(await gates.HasGateAsync(stack, Token));
        portal.Emulator.World.Faults.Add(new Fault { Call = "stack", Kind = new FaultKind.Status(500, "no") });

        Assert.True(await gates.HasGateAsync(stack, Token));
    }

    [Fact]
    public async Task An_image_without_one_is_known_until_it_answers_otherwise()
    {
        await using var portal = await TestPortal.StartAsync(image: "registry.test/nogate:1");
        var stack = await DeployAsync(portal, "design-lab");
        var gates = portal.Get<IStackGates>();

        Assert.False(await gates.HasGateAsync(stack, Token));
        Assert.True(gates.IsKnownWithout(stack.Id));
    }

    [Fact]
    public async Task A_stack_that_does_not_answer_in_two_seconds_says_nothing_of_its_gate()
    {
        await using var portal = await TestPortal.StartAsync();
        var stack = await DeployAsync(portal, "design-lab");
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        using var gates = new StackGates(portal.Get<ProvisioningOptions>(), portal.Get<ISecretProtector>(), new ActivitySamples(), new Ids(time), time);
        portal.Emulator.World.Faults.Add(new Fault { Call = "stack", Times = 1, Kind = new FaultKind.Hang() });

        var asked = gates.AskAsync(stack, Token);
        time.Advance(StackGates.Timeout);

        Assert.Null(await asked);
        Assert.False(gates.IsKnownWithout(stack.Id));
    }

    [Theory]
    [InlineData("""{"healthy":true}""")]
    [InlineData("""{"gate":7}""")]
    [InlineData("""["gate"]""")]
    [InlineData("not json")]
    public async Task What_is_no_answer_of_a_gate_is_none(string body)
    {
        await using var portal = await TestPortal.StartAsync();
        var stack = await DeployAsync(portal, "design-lab");
        portal.Emulator.World.Faults.Add(new Fault { Call = "stack", Kind = new FaultKind.Status(200, body, "application/json") });

        Assert.Null(await portal.Get<IStackGates>().AskAsync(stack, Token));
    }

    [Fact]
    public async Task The_look_at_a_stacks_health_asks_its_gate_as_well()
    {
        await using var portal = await TestPortal.StartAsync();
        var stack = await DeployAsync(portal, "design-lab");

        await portal.Get<IAddressProbe>().LookAsync(stack, Token);

        Assert.NotNull(portal.Get<IStackGates>().LastTold(stack.Id));
    }

    [Fact]
    public async Task The_owner_gets_a_ticket_and_somebody_else_gets_none()
    {
        await using var portal = await TestPortal.StartAsync();
        var stack = await DeployAsync(portal, "design-lab");
        var entrance = portal.Get<StackEntrance>();

        var entry = await entrance.OpenAsync(stack.Id, "usr_one", isTerminal: true, Token);

        Assert.StartsWith($"{stack.Url}/.stack/enter#ticket=", entry!.Url, StringComparison.Ordinal);
        Assert.EndsWith("&to=/terminal/", entry.Url, StringComparison.Ordinal);
        Assert.Equal($"{stack.Url}/.stack/enter", entry.ToString());
        Assert.NotNull(entry.ExpiresAt);
        Assert.Null(await entrance.OpenAsync(stack.Id, "usr_two", isTerminal: false, Token));
    }

    [Fact]
    public async Task Where_there_is_no_gate_the_way_in_is_the_plain_address()
    {
        await using var portal = await TestPortal.StartAsync();
        portal.Emulator.World.Outcomes.Set("*", ImageOutcome.NoGate);
        var stack = await DeployAsync(portal, "design-lab");
        var entrance = portal.Get<StackEntrance>();

        Assert.Equal(new StackEntry(stack.Url + "/", null), await entrance.OpenAsync(stack.Id, "usr_one", isTerminal: false, Token));
        Assert.Equal(new StackEntry(stack.Url + "/terminal/", null), await entrance.OpenAsync(stack.Id, "usr_one", isTerminal: true, Token));
    }

    [Fact]
    public void What_the_gate_of_the_images_writes_is_what_the_portal_reads()
    {
        var now = new DateTimeOffset(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);
        var written = JsonSerializer.Serialize(
            new ActivityReport
            {
                Gate = "0.1.0", Now = now, StartedAt = now.AddHours(-3), LastHumanAt = now.AddMinutes(-2), LastTerminalInputAt = now.AddMinutes(-1), SessionsAtWork = 2,
                SessionsWaiting = 1, SessionsStored = 6, LastAgentAt = now.AddSeconds(-5), MemoryBytes = 300, MemoryLimitBytes = 400, OpenCode = new OpenCodeReport("1.18.33", 1, "running", 3),
                Events = new EventsReport(1, 2, 3, 4),
            },
            StackGate.Activity.ActivityJsonContext.Default.ActivityReport);

        Assert.Equal(
            new StackActivity(
                "0.1.0", now, now.AddHours(-3), now.AddMinutes(-2), now.AddMinutes(-1), 2, 1, now.AddSeconds(-5), 300, 400, new OpenCodeProcess("1.18.33", 1, "running", 3)) { SessionsStored = 6 },
            JsonSerializer.Deserialize(written, Core.Provisioning.ActivityJsonContext.Default.StackActivity));
    }

    private static async Task<Stack> DeployAsync(TestPortal portal, string name) =>
        (await portal.Store.FindStackAsync((await portal.DeployAsync(name)).StackId, Token))!;
}
