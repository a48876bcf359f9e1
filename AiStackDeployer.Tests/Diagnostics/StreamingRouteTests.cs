using System.Text.Json;
using System.Text.RegularExpressions;
using AiStackDeployer.Tests.TestKit;
using AiStackDeployer.Web.Mcp;

namespace AiStackDeployer.Tests.Diagnostics;

/// <summary>What is meant to last has no place among the times of answers.</summary>
public sealed class StreamingRouteTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    [Fact]
    public async Task The_dashboards_answers_leave_out_every_route_that_streams_and_no_other_of_the_api()
    {
        using var http = portal.CreateClient();
        using var document = JsonDocument.Parse(await http.GetStringAsync(new Uri("openapi/v1.json", UriKind.Relative), TestContext.Current.CancellationToken));
        var routes = document.RootElement.GetProperty("paths").EnumerateObject().Select(p => (p.Name, Streams: Streams(p.Value))).ToList();
        Assert.Equal(2, routes.Count(r => r.Streams));

        var question = OpsFiles.Questions().Single(q => q.Place == "Answers, P95" && q.Expression.Contains("http_route!~", StringComparison.Ordinal));
        // Prometheus anchors its expressions at both ends.
        var leftOut = new Regex($"^(?:{PromQl.Parse(question.Expression).Selectors.Single().Matchers.Single(m => m.Label == "http_route").Value})$");

        Assert.All(routes, r => Assert.True(r.Streams == leftOut.IsMatch(r.Name), r.Name));
        Assert.Matches(leftOut, PortalMcp.Path);
        Assert.Matches(leftOut, PortalMcp.Path + "/");
        Assert.Matches(leftOut, "/_blazor");
    }

    private static bool Streams(JsonElement path) => path.EnumerateObject()
        .Where(o => o.Value.ValueKind == JsonValueKind.Object && o.Value.TryGetProperty("responses", out _))
        .SelectMany(o => o.Value.GetProperty("responses").EnumerateObject())
        .Any(r => r.Value.TryGetProperty("content", out var content) && content.TryGetProperty("text/event-stream", out _));
}
