using System.Runtime.CompilerServices;
using AiStackDeployer.Core.Connections;
using AiStackDeployer.Tests.Connections;
using AiStackDeployer.Tests.TestKit;
using AiStackDeployer.Web.Components.Admin;
using AiStackDeployer.Web.Security;
using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiStackDeployer.Tests.Components;

public sealed class ConnectionsTests : PageWorld
{
    private readonly FakeWildcard _wildcard = new();
    private readonly SwitchedCheck _check = new();

    public ConnectionsTests() => SignIn(Me, Policies.ViewAdmin, Policies.RepairDns);

    protected override void AddServices(IServiceCollection services) => services
        .AddSingleton(new ConnectionReports([_check], new ConnectionOptions(), Time, NullLogger<ConnectionReports>.Instance))
        .AddSingleton<IWildcardRecord>(_wildcard);

    [Fact]
    public void Each_dependency_has_a_row_with_word_shape_latency_cause_and_remedy()
    {
        _check.Results =
        [
            new ConnectionResult(ConnectionTarget.Dokploy, ConnectionCause.DokployAnswers)
            {
                Facts = new ConnectionFacts { Host = "https://dokploy.test", Version = "0.30.2" }, Latency = TimeSpan.FromMilliseconds(44),
            },
            new ConnectionResult(ConnectionTarget.DokployKey, ConnectionCause.KeyRefused),
        ];
        var board = Render<ConnectionsBoard>();

        board.WaitForAssertion(() => Assert.Equal(2, board.FindAll(".connections li").Count));
        var rows = board.FindAll(".connections li");
        Assert.Equal(("Dokploy", "44 ms"), (rows[0].QuerySelector("b")!.TextContent, rows[0].QuerySelector(".what .hint")!.TextContent));
        Assert.Equal(["Good", "Bad"], board.FindAll(".connections .mud-chip").Select(c => c.TextContent.Trim()));
        Assert.Equal(2, board.FindAll(".connections .mud-chip svg").Select(m => m.InnerHtml).Distinct().Count());
        Assert.Equal("Dokploy 0.30.2 answers at https://dokploy.test.", rows[0].QuerySelector(".why")!.TextContent);
        Assert.StartsWith("Create a new key", rows[1].QuerySelector(".why.hint")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("Something the portal needs does not work.", board.Find("[role=status]").TextContent.Trim());
    }

    [Fact]
    public async Task Check_again_is_busy_while_it_looks_and_then_says_what_it_found()
    {
        var board = Render<ConnectionsBoard>();
        board.WaitForAssertion(() => Assert.Equal("Everything the portal needs works.", board.Find("[role=status]").TextContent.Trim()));
        Time.Advance(TimeSpan.FromSeconds(4));
        var gate = new TaskCompletionSource();
        _check.Gate = gate.Task;
        _check.Results = [new ConnectionResult(ConnectionTarget.Database, ConnectionCause.DatabaseLocked)];

        var pressed = board.Button("Check again").ClickAsync();
        board.WaitForAssertion(() => Assert.Equal("Checking…", board.Find("[role=status]").TextContent.Trim()));
        Assert.Equal("true", board.Button("Check again").GetAttribute("aria-disabled"));
        var pressedAgain = board.Button("Check again").ClickAsync();
        gate.SetResult();
        await Task.WhenAll(pressed, pressedAgain);

        board.WaitForAssertion(() => Assert.Equal("Something the portal needs does not work.", board.Find("[role=status]").TextContent.Trim()));
        Assert.Null(board.Button("Check again").GetAttribute("aria-disabled"));
        Assert.Equal((2, 2), (_check.Runs, _wildcard.Looks));
    }

    [Fact]
    public void The_age_of_what_is_shown_moves()
    {
        var board = Render<ConnectionsBoard>();
        board.WaitForAssertion(() => Assert.Equal("Checked just now.", board.Find(".grid-head .hint").TextContent));

        Time.Advance(TimeSpan.FromMinutes(3));

        board.WaitForAssertion(() => Assert.Equal("Checked 3 min ago.", board.Find(".grid-head .hint").TextContent));
    }

    [Fact]
    public async Task Repair_asks_first_with_exactly_what_will_change_and_says_what_was_done()
    {
        _wildcard.State = FakeWildcard.With(FakeWildcard.Correct);
        _wildcard.Result = FakeWildcard.Correct;
        var card = Render<WildcardCard>();

        _ = card.WaitForButton("Correct the record…").ClickAsync();
        Assert.Equal(0, _wildcard.Repairs);
        Assert.Equal(
            "The A record *.ai in the zone example.org at Hetzner is changed from 198.51.100.7 to 192.0.2.1. Nothing else is changed.",
            Dialog.QuerySelector(".mud-dialog-content")!.TextContent);
        _wildcard.State = FakeWildcard.With(new WildcardChange.None());
        await DialogButton("Change the record").ClickAsync();

        Assert.Equal(1, _wildcard.Repairs);
        card.WaitForAssertion(() => Assert.StartsWith("Changed the A record *.ai", card.Find("[role=status]").TextContent, StringComparison.Ordinal));
        Assert.Empty(card.FindAll("button"));
    }

    [Fact]
    public async Task Leaving_it_changes_nothing()
    {
        _wildcard.State = FakeWildcard.With(FakeWildcard.Create, ConnectionCause.WildcardRecordAbsent);
        var card = Render<WildcardCard>();

        _ = card.WaitForButton("Correct the record…").ClickAsync();
        Assert.Contains("The A record *.ai is created in the zone example.org", Dialog.QuerySelector(".mud-dialog-content")!.TextContent, StringComparison.Ordinal);
        await DialogButton("Leave it as it is").ClickAsync();

        Above.WaitForAssertion(() => Assert.Empty(Above.FindAll("[role=dialog]")));
        Assert.Equal(0, _wildcard.Repairs);
    }

    [Fact]
    public async Task A_right_that_is_gone_at_the_press_changes_nothing_and_is_told()
    {
        _wildcard.State = FakeWildcard.With(FakeWildcard.Create);
        var card = Render<WildcardCard>();
        _ = card.WaitForButton("Correct the record…").ClickAsync();
        Authorization.SetPolicies(Policies.ViewAdmin);

        await DialogButton("Change the record").ClickAsync();

        Assert.Equal(0, _wildcard.Repairs);
        card.WaitForAssertion(() => Assert.Equal("You are not allowed to do this.", card.Find("[role=status]").TextContent));
    }

    [Fact]
    public void Without_a_token_it_says_what_to_set_and_offers_no_repair()
    {
        _wildcard.State = FakeWildcard.With(
            new WildcardChange.NotPossible(new ConnectionResult(ConnectionTarget.WildcardDns, ConnectionCause.HetznerTokenNotSet)), ConnectionCause.HetznerTokenNotSet);
        var card = Render<WildcardCard>();

        card.WaitForAssertion(() => Assert.Contains("set HETZNER_API_TOKEN", card.Find(".record .hint").TextContent, StringComparison.Ordinal));
        Assert.Empty(card.FindAll("button"));
    }

    private sealed class SwitchedCheck : IConnectionCheck
    {
        public Task Gate { get; set; } = Task.CompletedTask;

        public IReadOnlyList<ConnectionResult> Results { get; set; } = [new ConnectionResult(ConnectionTarget.Database, ConnectionCause.DatabaseWritable)];

        public int Runs { get; private set; }

        public IReadOnlyList<ConnectionTarget> Targets => [.. Results.Select(r => r.Target)];

        public async IAsyncEnumerable<ConnectionResult> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            Runs++;
            await Gate.WaitAsync(cancellationToken);
            foreach (var result in Results)
            {
                yield return result;
            }
        }
    }
}
