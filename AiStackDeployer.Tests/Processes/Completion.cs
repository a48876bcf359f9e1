using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using AiStackDeployer.DokployEmulator;
using AiStackDeployer.Tests.TestKit;
using Xunit.Sdk;

namespace AiStackDeployer.Tests.Processes;

/// <summary>How a deployment ends that was interrupted.</summary>
internal static class Completion
{
    /// <summary>Follows it to its end, then looks into Dokploy and opens the stack with the password of the very first answer.</summary>
    public static async Task<JsonNode> AssertAsync(DokployEmulatorHost dokploy, PortalHome home, HttpClient person, JsonNode started)
    {
        try
        {
            return await CompletesAsync(dokploy, person, started);
        }
        catch (XunitException e)
        {
            // Such a failure is rare and comes under load: it must tell all there is.
            var calls = string.Join('\n', dokploy.World.Calls.All.Select(c => $"{c.At:HH:mm:ss.fff} {c.Call} {c.Status}"));
            throw new XunitException($"{e.Message}\n{calls}\n{home.Process.Output}", e);
        }
    }

    private static async Task<JsonNode> CompletesAsync(DokployEmulatorHost dokploy, HttpClient person, JsonNode started)
    {
        var id = started.Text("deploymentId");
        var end = (await ReadUntilAsync(person, started, e => e.IsTerminal))[^1];
        Assert.True(end.Type == "complete", end.Data);

        var world = dokploy.World;
        var name = end.Json.Text("name");
        var project = Assert.Single(world.Projects, p => p.Name == $"ai-stack-{name}");
        var application = Assert.Single(world.Applications, a => a.ProjectId == project.ProjectId);
        Assert.Single(world.Domains, d => d.ApplicationId == application.ApplicationId);
        Assert.Equal(2, world.Mounts.Count(m => m.ApplicationId == application.ApplicationId));
        Assert.Equal(id, Assert.Single(world.Deployments, d => d.ApplicationId == application.ApplicationId).Title);
        Assert.Equal(world.Projects.Count, world.Applications.Count);
        Assert.Single(world.Services, s => s.ApplicationId == application.ApplicationId && s.IsServing);
        Assert.Equal(0, world.Calls.Count("project.remove") + world.Calls.Count("application.delete"));

        await AssertOpensAsync(dokploy.StacksUrl, name, started["credentials"]!);
        return await person.StatusAsync(id);
    }

    public static async Task AssertOpensAsync(Uri stacks, string name, JsonNode credentials)
    {
        using var browser = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(stacks, "global/health"));
        request.Headers.Host = $"{name}.ai.localhost";
        request.Headers.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{credentials.Text("username")}:{credentials.Text("password")}")));
        using var answer = await browser.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(System.Net.HttpStatusCode.OK, answer.StatusCode);
    }

    public static async Task<List<SeenEvent>> ReadUntilAsync(
        HttpClient person, JsonNode started, Func<SeenEvent, bool> wished, long? lastEventId = null)
    {
        await using var reader = await EventReader.OpenAsync(person, started.Text("deploymentId"), lastEventId);
        var seen = new List<SeenEvent>();
        do
        {
            seen.Add(await reader.NextAsync());
        }
        while (!wished(seen[^1]));
        return seen;
    }
}
