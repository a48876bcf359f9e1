using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AiStackDeployer.Core.Audit;
using AiStackDeployer.Core.People;
using AiStackDeployer.Tests.TestKit;
using AiStackDeployer.Web.Api;
using Microsoft.Extensions.DependencyInjection;

namespace AiStackDeployer.Tests.Api;

/// <summary>What acts over REST leave in the audit log, and the log over REST.</summary>
public sealed class AuditApiTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IAuditLog Log => portal.Services.GetRequiredService<IAuditLog>();

    [Fact]
    public async Task Every_act_on_a_stack_is_one_line_with_who_from_where_and_how_it_ended()
    {
        using var owner = portal.NewPerson();
        using var other = portal.NewPerson();
        // A page makes them the same person at each call.
        (await other.GetAsync("", Token)).Dispose();
        await SignInAsync("usr_audit_heir");
        var started = await owner.StartAsync("audit-lab");
        var id = started.Text("deploymentId");
        await using (var events = await EventReader.OpenAsync(owner, id))
        {
            await events.RestAsync();
        }
        using (await owner.GetAsync("api/stacks/audit-lab/credentials", Token))
        using (await other.GetAsync("api/stacks/audit-lab/credentials", Token))
        using (await other.PostAsync($"api/deployments/{id}/cancel", null, Token))
        using (await other.PostAsync($"api/deployments/{id}/retry", null, Token))
        using (await other.DeleteAsync("api/stacks/audit-lab?confirm=audit", Token))
        using (await other.PostAsJsonAsync("api/stacks/audit-lab/owner", new { personId = "usr_audit_nobody" }, Token))
        using (await other.PostAsJsonAsync("api/stacks/audit-lab/owner", new { personId = "usr_audit_heir" }, Token))
        using (await other.DeleteAsync("api/stacks/audit-lab?confirm=audit-lab", Token))
        {
        }

        var lines = await ReadAsync("audit-lab");

        var me = lines.Single(e => e.Action == "stack.deploy").ActorId!;
        var deletion = lines.Single(e => e is { Action: "stack.delete", Outcome: AuditOutcome.Done });
        var admin = deletion.ActorId!;
        Assert.Equal(
            ((string[])[
                $"{me} stack.deploy Done  {id}",
                $"{me} credentials.show Done  ",
                $"{me} credentials.show Done  ",
                $"{admin} credentials.show Refused {me} ",
                $"{admin} deployment.cancel Failed {me} already-ended",
                $"{admin} deployment.retry Failed {me} name-yours",
                $"{admin} stack.delete Failed {me} confirmation-differs",
                $"{admin} stack.handover Failed {me} person-not-found",
                $"{admin} stack.handover Done {me} to Bram (usr_audit_heir)",
                $"{admin} stack.delete Done usr_audit_heir {deletion.Detail}",
            ]).Order(),
            lines.Select(e => $"{e.ActorId} {e.Action} {e.Outcome} {e.OwnerId} {e.Detail}").Order());
        Assert.All(lines, e => Assert.Equal((AuditWay.Rest, "127.0.0.1"), (e.Way, e.Address)));
        Assert.DoesNotContain(lines, e => $"{e}".Contains(started["credentials"]!.Text("password"), StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_same_call_again_and_a_name_that_breaks_a_rule_change_nothing_and_are_no_lines()
    {
        using var owner = portal.NewPerson();
        using (await owner.DeployAsync("audit-twice", "audit-key"))
        using (await owner.DeployAsync("audit-twice", "audit-key"))
        using (await owner.DeployAsync("audit twice"))
        {
        }

        Assert.Equal(["credentials.show", "credentials.show", "stack.deploy"], (await ReadAsync("audit-twice")).Select(e => e.Action).Order());
        Assert.Empty(await ReadAsync("audit twice"));
    }

    [Fact]
    public async Task What_was_done_reaches_a_collector_as_a_line_of_its_own_category()
    {
        using var owner = portal.NewPerson();
        await owner.StartAsync("audit-line");

        var entry = (await ReadAsync("audit-line"))[0];

        var line = Assert.Single(portal.Log.Events, e => CapturedLog.Whole(e).Contains(entry.Id, StringComparison.Ordinal));
        Assert.Contains("AiStackDeployer.Audit", CapturedLog.Whole(line), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_leads_to_the_next_one_with_the_same_filters()
    {
        await WriteAsync("page", 5);

        var first = await portal.NewPerson().GetJsonAsync("api/audit?take=3&action=test.page");
        var second = await portal.NewPerson().GetJsonAsync(first.Text("next").TrimStart('/'));

        Assert.Equal(["5", "4", "3"], Numbers(first));
        Assert.Equal(["2", "1"], Numbers(second));
        Assert.Null(second["next"]);
    }

    [Theory]
    [InlineData("api/audit?action=test.csv&format=csv", null)]
    [InlineData("api/audit?action=test.csv", "text/csv")]
    public async Task As_csv_every_cell_is_quoted_and_none_is_a_formula(string path, string? accept)
    {
        await WriteOnceAsync("csv", 1200);
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Accept", accept ?? "*/*");

        using var answer = await portal.NewPerson().SendAsync(request, Token);

        var lines = (await answer.Content.ReadAsStringAsync(Token)).Split("\r\n");
        Assert.Equal(("text/csv", "utf-8"), (answer.Content.Headers.ContentType!.MediaType, answer.Content.Headers.ContentType.CharSet));
        Assert.Matches("^audit-[0-9-]{10}[.]csv$", answer.Content.Headers.ContentDisposition!.FileName);
        Assert.StartsWith("\"id\",\"at\",\"actorId\"", lines[0], StringComparison.Ordinal);
        // With a line for the header and the empty one after the last.
        Assert.Equal(1202, lines.Length);
        Assert.Contains("\"'=1+1 \"\"x\"\"\"", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task As_json_lines_each_line_is_one_entry_and_none_is_left_out()
    {
        await WriteOnceAsync("csv", 1200);

        using var answer = await portal.NewPerson().GetAsync("api/audit?action=test.csv&format=jsonl", Token);

        var lines = (await answer.Content.ReadAsStringAsync(Token)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(Enumerable.Range(1, 1200).Reverse(), lines.Select(line => int.Parse(JsonNode.Parse(line)!.Text("targetId"), System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Theory]
    [InlineData(null, "\"\"")]
    [InlineData("Anna", "\"Anna\"")]
    [InlineData("a,\"b\"\n", "\"a,\"\"b\"\"\n\"")]
    [InlineData("=1+1", "\"'=1+1\"")]
    [InlineData("+1", "\"'+1\"")]
    [InlineData("-1", "\"'-1\"")]
    [InlineData("@SUM(A1)", "\"'@SUM(A1)\"")]
    [InlineData("\t=1", "\"'\t=1\"")]
    [InlineData("\r=1", "\"'\r=1\"")]
    [InlineData("1=1", "\"1=1\"")]
    public void A_cell_is_text_whatever_it_begins_with(string? text, string cell) => Assert.Equal(cell, AuditApi.Cell(text));

    private static IEnumerable<string> Numbers(JsonNode page) => page["items"]!.AsArray().Select(item => item!.Text("targetId"));

    private async Task<IReadOnlyList<AuditEntry>> ReadAsync(string name) =>
        [.. (await Log.ReadAsync(new AuditQuery { Search = name }, Token)).Where(e => e.TargetName == name)];

    private Task SignInAsync(string id) => portal.Services.GetRequiredService<IPeople>()
        .SignInAsync(Made.Person(id), Made.Session(id, DateTimeOffset.UnixEpoch), Token);

    private async Task WriteOnceAsync(string action, int count)
    {
        if ((await Log.ReadAsync(new AuditQuery { Action = $"test.{action}" }, Token)).Count == 0)
        {
            await WriteAsync(action, count);
        }
    }

    private async Task WriteAsync(string action, int count)
    {
        foreach (var n in Enumerable.Range(1, count))
        {
            await Log.WriteAsync(
                new AuditEntry
                {
                    Id = $"aud_0_{action}_{n:0000}", At = portal.Services.GetRequiredService<TimeProvider>().GetUtcNow(), Action = $"test.{action}", Way = AuditWay.System, Outcome = AuditOutcome.Done,
                    ActorName = "=1+1 \"x\"", TargetId = $"{n}",
                },
                Token);
        }
    }
}
