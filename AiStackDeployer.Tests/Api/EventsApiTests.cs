using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using AiStackDeployer.Tests.TestKit;

namespace AiStackDeployer.Tests.Api;

/// <summary>One log in three forms: pages, stream, text.</summary>
public sealed class EventsApiTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pages_walked_by_next_are_the_stream_from_its_beginning()
    {
        var (person, id) = await FinishedAsync("pages-lab");
        await using var stream = await EventReader.OpenAsync(person, id, lastEventId: 0);
        var streamed = await stream.RestAsync();

        var paged = new List<JsonNode>();
        for (var next = $"/api/deployments/{id}/events?take=3"; next is not null;)
        {
            var page = await person.GetJsonAsync(next[1..]);
            paged.AddRange(page["items"]!.AsArray().Select(i => i!));
            next = page["next"]?.GetValue<string>();
            Assert.Equal(next is null, page["ended"]!.GetValue<bool>());
        }

        Assert.Equal(streamed.Select(e => (e.Id, e.Type)), paged.Select(e => ((long?)e["id"]!.GetValue<long>(), e.Text("type"))));
        Assert.Equal(
            streamed.Where(e => e.Type == "log").Select(e => e.Json.Text("message")), paged.Where(e => e.Text("type") == "log").Select(e => e.Text("message")));
        Assert.Equal("completed", paged[^1].Text("status"));
    }

    [Fact]
    public async Task While_it_goes_on_a_page_says_that_more_may_come()
    {
        using var held = await portal.HoldAsync("project.create");
        var person = portal.NewPerson();
        var id = (await person.StartAsync("going-lab")).Text("deploymentId");
        await held.Arrived.WaitAsync(Token);

        var page = await person.GetJsonAsync($"api/deployments/{id}/events");
        var last = page["items"]!.AsArray()[^1]!["id"]!.GetValue<long>();
        var empty = await person.GetJsonAsync($"api/deployments/{id}/events?after={last}");

        Assert.False(page["ended"]!.GetValue<bool>());
        Assert.Null(page["next"]);
        Assert.Equal((0, false), (empty["items"]!.AsArray().Count, empty["ended"]!.GetValue<bool>()));
        held.Release();
        await using var rest = await EventReader.OpenAsync(person, id, last);
        Assert.Equal("complete", (await rest.RestAsync())[^1].Type);
    }

    [Fact]
    public async Task Asked_for_a_stream_it_is_the_stream_and_after_is_where_it_begins()
    {
        var (person, id) = await FinishedAsync("stream-lab");
        using var request = new HttpRequestMessage(HttpMethod.Get, $"api/deployments/{id}/events?after=3");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        using var answer = await person.SendAsync(request, Token);

        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal(["no"], answer.Headers.GetValues("X-Accel-Buffering"));
        var body = await answer.Content.ReadAsStringAsync(Token);
        Assert.Contains("id: 4\n", body, StringComparison.Ordinal);
        Assert.DoesNotContain("id: 3\n", body, StringComparison.Ordinal);
        Assert.Contains("event: complete\n", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en", "Name text-lab-en claimed", "Ready")]
    [InlineData("nl", "Naam text-lab-nl vastgelegd", "Klaar")]
    public async Task The_log_is_a_moment_and_a_sentence_a_line_up_to_how_it_ended(string language, string first, string last)
    {
        var (_, id) = await FinishedAsync($"text-lab-{language}");
        var reader = portal.NewPerson(language);
        using var answer = await reader.GetAsync($"api/deployments/{id}/log", Token);

        Assert.Equal("text/plain; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        var text = await answer.Content.ReadAsStringAsync(Token);
        var lines = text.Split('\n');
        Assert.Equal("", lines[^1]);
        Assert.All(lines[..^1], line => Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z \S", line));
        Assert.EndsWith(first, lines[0], StringComparison.Ordinal);
        Assert.EndsWith(last, lines[^2], StringComparison.Ordinal);

        using var request = new HttpRequestMessage(HttpMethod.Get, $"api/deployments/{id}/log");
        request.Headers.Accept.ParseAdd("application/json");
        using var json = await reader.SendAsync(request, Token);
        var items = (await json.ReadJsonAsync())["items"]!.AsArray();
        Assert.Equal(lines[..^1].Select(l => l[25..]), items.Select(i => i!.Text("message")));
    }

    private async Task<(HttpClient Person, string Id)> FinishedAsync(string name)
    {
        var person = portal.NewPerson();
        var id = (await person.StartAsync(name)).Text("deploymentId");
        await using var events = await EventReader.OpenAsync(person, id);
        Assert.Equal("complete", (await events.RestAsync())[^1].Type);
        return (person, id);
    }
}
