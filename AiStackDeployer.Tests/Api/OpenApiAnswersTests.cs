using System.Net;
using System.Text;
using AiStackDeployer.Core.Connections;
using AiStackDeployer.Core.Naming;
using AiStackDeployer.DokployEmulator;
using AiStackDeployer.DokployEmulator.Faults;
using AiStackDeployer.Tests.Connections;
using AiStackDeployer.Tests.TestKit;
using AiStackDeployer.Web.Security;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace AiStackDeployer.Tests.Api;

/// <summary>
/// Real answers of a running portal, each held against its own OpenAPI document; and at the end whether every answer that the
/// document promises was seen.
/// </summary>
public sealed class OpenApiAnswersTests
{
    private const string LongKey = "8c41d7e2-93b5-4f0a-ae6d-1b27f5908c3a";

    /// <summary>What no request brings about in a test: the list of reserved names would have to change under a running portal.</summary>
    private static readonly string[] Unprovoked = ["retryDeployment 400 name-reserved"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_answer_is_as_documented_and_every_documented_answer_comes()
    {
        await using var portal = new TroubledPortal();
        await portal.InitializeAsync();
        var contract = await ApiContract.ReadAsync(portal.NewScript());
        var ann = portal.NewPerson();
        var ready = (await ann.StartAsync("ready-lab")).Text("deploymentId");
        await FollowAsync(contract, ann, ready);

        await NamesAsync(contract, portal);
        await StartsAsync(contract, portal, ann);
        await ReadingAsync(contract, portal, ann, ready);
        await CancelsAndRetriesAsync(contract, portal, ready);
        await DeletionsAsync(contract, portal);
        await TroubleAsync(contract, portal, ann, ready);
        await ForeignAsync(contract, portal, ready);
        await RefusalsAsync(contract);
        await NotReadyAsync(contract);
        await DnsAsync(contract);

        Assert.Equal([], contract.Promised().Except(contract.Seen).Except(Unprovoked).Order());
        Assert.Equal([], Unprovoked.Intersect(contract.Seen));
    }

    private static async Task NamesAsync(ApiContract contract, PortalFactory portal)
    {
        var script = portal.NewScript();
        foreach (var name in new[] { "free-lab", "ready-lab", "admin", "-", "Jan%20de%20Vries" })
        {
            await GetAsync(contract, script, $"api/check/{name}");
            await GetAsync(contract, script, $"api/check?name={name}");
        }
        await GetAsync(contract, script, "api/check?name=a&name=b");
        portal.Emulator.World.Faults.Add(new() { Call = "*", Kind = new FaultKind.Reset() });
        await GetAsync(contract, script, "api/check/unsure-lab");
        portal.Emulator.World.Faults.Clear();
    }

    private static async Task StartsAsync(ApiContract contract, PortalFactory portal, HttpClient ann)
    {
        var names = portal.Services.GetRequiredService<NameAvailabilityService>();
        await names.CheckAndHoldAsync("chosen-lab", new NameHolder("form-1", "usr_somebody"), Token);
        await ann.StartAsync("keyed-lab", "key-1");
        var bob = portal.NewPerson();
        foreach (var name in new[] { "", "ab", "a-name-of-twenty-one-c", "jan de vries", "-jan", "jan-", "xn--bcher-kva", "admin", "ready-lab", "chosen-lab" })
        {
            await SendAsync(contract, bob, HttpMethod.Post, "api/deploy", new { name });
        }
        await SendAsync(contract, ann, HttpMethod.Post, "api/deploy", new { name = "ready-lab" });
        await SendAsync(contract, ann, HttpMethod.Post, "api/deploy", new { name = "other-lab" }, "key-1");
        await SendAsync(contract, ann, HttpMethod.Post, "api/deploy", new { name = "keyed-lab" }, "key-1");
        await SendAsync(contract, ann, HttpMethod.Post, "api/deploy", new { name = "any-lab" }, new string('k', 201));
        await PostAsync(contract, bob, new StringContent("{", Encoding.UTF8, "application/json"));
        await PostAsync(contract, bob, new StringContent("name=jan", Encoding.UTF8, "text/plain"));
        await PostAsync(contract, bob, new StringContent($"{{\"name\":\"{new string('x', 5_000_000)}\"}}", Encoding.UTF8, "application/json"));
        using var short1 = await SendAsync(contract, portal.NewScript(), HttpMethod.Post, "api/deploy", new { name = "short-lab" }, "test");
        using var short2 = await SendAsync(contract, portal.NewScript(), HttpMethod.Post, "api/deploy", new { name = "short-lab" }, "test");
        Assert.Null((await short2.ReadJsonAsync())["credentials"]);
        await FollowAsync(contract, bob, (await short1.ReadJsonAsync()).Text("deploymentId"));
    }

    private static async Task ReadingAsync(ApiContract contract, PortalFactory portal, HttpClient ann, string ready)
    {
        foreach (var path in new[]
        {
            "api/deployments", "api/deployments?take=1&unknown=ignored", "api/deployments?mine=true&status=completed&status=failed&active=false",
            "api/deployments?take=0", "api/deployments?status=done", $"api/deployments/{ready}", "api/deployments/dep_none",
            $"api/deployments/{ready}/events?take=3", $"api/deployments/{ready}/events?after=-1", "api/deployments/dep_none/events",
            $"api/deployments/{ready}/log", "api/deployments/dep_none/log", $"api/deployments/{ready}/diagnosis", "api/deployments/dep_none/diagnosis", "api/status/dep_none",
            "api/stacks", "api/stacks?state=ready&sort=name&order=desc&mine=true", "api/stacks?sort=owner", "api/stacks/ready-lab", "api/stacks/none",
            "api/stacks/ready-lab/credentials", "api/stacks/none/credentials", "api/figures", "api/connections", "api/connections?fresh=please", "health", "health/live", "health/ready",
        })
        {
            await GetAsync(contract, ann, path);
        }
        await GetAsync(contract, portal.NewPerson(), "api/stacks/ready-lab/credentials");
        await GetAsync(contract, ann, $"api/status/{ready}", "application/json");
        await GetAsync(contract, ann, $"api/deployments/{ready}/log", "application/json");
        await GetAsync(contract, ann, $"api/deployments/{ready}/events?after=0", "text/event-stream");
        await GetAsync(contract, ann, $"api/deployments/{ready}/events?after={await LastEventAsync(ann, ready)}", "text/event-stream");
        using var request = new HttpRequestMessage(HttpMethod.Get, $"api/status/{ready}");
        request.Headers.Add("Last-Event-ID", await LastEventAsync(ann, ready));
        using var gone = await ann.SendAsync(request, Token);
        await contract.CheckAsync(gone);
        Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
    }

    private static async Task CancelsAndRetriesAsync(ApiContract contract, PortalFactory portal, string ready)
    {
        var world = portal.Emulator.World;
        var bob = portal.NewPerson();
        await SendAsync(contract, bob, HttpMethod.Post, "api/deployments/dep_none/cancel");
        await SendAsync(contract, bob, HttpMethod.Post, "api/deployments/dep_none/retry");
        await SendAsync(contract, bob, HttpMethod.Post, $"api/deployments/{ready}/cancel");
        await SendAsync(contract, bob, HttpMethod.Post, $"api/deployments/{ready}/retry");
        await SendAsync(contract, bob, HttpMethod.Post, $"api/deployments/{ready}/retry", null, new string('k', 201));

        world.Outcomes.Set("ai-stack-broken-lab", ImageOutcome.MissingImage);
        var broken = (await bob.StartAsync("broken-lab")).Text("deploymentId");
        await FollowAsync(contract, bob, broken);
        await GetAsync(contract, bob, $"api/deployments/{broken}");
        await GetAsync(contract, bob, $"api/deployments/{broken}/events?take=500");
        await GetAsync(contract, bob, "api/stacks/broken-lab");
        world.Outcomes.Clear();
        using (var again = await SendAsync(contract, portal.NewScript(), HttpMethod.Post, $"api/deployments/{broken}/retry", null, LongKey))
        {
            await FollowAsync(contract, bob, (await again.ReadJsonAsync()).Text("deploymentId"));
        }

        // As many as are worked on at once are held; the next one waits, and so can be cancelled whole.
        string first;
        using (var held = await portal.HoldAsync("project.create"))
        {
            first = (await bob.StartAsync("held-1")).Text("deploymentId");
            foreach (var n in Enumerable.Range(2, 3))
            {
                await bob.StartAsync($"held-{n}");
            }
            await held.Arrived.WaitAsync(Token);
            var waiting = (await bob.StartAsync("waiting-lab")).Text("deploymentId");
            await GetAsync(contract, bob, $"api/deployments/{waiting}");
            using var cancelled = await SendAsync(contract, portal.NewScript(), HttpMethod.Post, $"api/deployments/{waiting}/cancel");
            Assert.Equal(HttpStatusCode.OK, cancelled.StatusCode);
            await GetAsync(contract, bob, $"api/deployments/{waiting}/log");
            await SendAsync(contract, bob, HttpMethod.Delete, "api/stacks/held-1?confirm=held-1");
            await portal.NewPerson().StartAsync("waiting-lab");
            await SendAsync(contract, bob, HttpMethod.Post, $"api/deployments/{waiting}/retry");
            using var stopping = await SendAsync(contract, portal.NewScript(), HttpMethod.Post, $"api/deployments/{first}/cancel");
            Assert.Equal(HttpStatusCode.Accepted, stopping.StatusCode);
        }
        await FollowAsync(contract, bob, first);
        var names = portal.Services.GetRequiredService<NameAvailabilityService>();
        await names.CheckAndHoldAsync("held-1", new NameHolder("form-2", "usr_somebody"), Token);
        await SendAsync(contract, bob, HttpMethod.Post, $"api/deployments/{first}/retry");
    }

    private static async Task DeletionsAsync(ApiContract contract, PortalFactory portal)
    {
        var bob = portal.NewPerson();
        await FollowAsync(contract, bob, (await bob.StartAsync("old-lab")).Text("deploymentId"));
        foreach (var path in new[] { "api/stacks/old-lab", "api/stacks/old-lab?confirm=new-lab", $"api/stacks/old-lab?confirm={new string('x', 201)}", "api/stacks/none?confirm=none", "api/stacks/old-lab?confirm=old-lab&stackId=stk_other" })
        {
            await SendAsync(contract, bob, HttpMethod.Delete, path);
        }
        await SendAsync(contract, bob, HttpMethod.Delete, "api/stacks/old-lab?confirm=old-lab", null, new string('k', 201));
        string id;
        using (var held = await portal.HoldAsync("application.delete"))
        {
            using var begun = await SendAsync(contract, portal.NewScript(), HttpMethod.Delete, "api/stacks/old-lab?confirm=old-lab", null, "once");
            id = (await begun.ReadJsonAsync()).Text("deploymentId");
            await held.Arrived.WaitAsync(Token);
            using var again = await SendAsync(contract, bob, HttpMethod.Delete, "api/stacks/old-lab?confirm=old-lab");
            Assert.Equal(id, (await again.ReadJsonAsync()).Text("deploymentId"));
            await SendAsync(contract, bob, HttpMethod.Post, $"api/deployments/{id}/cancel");
            await GetAsync(contract, bob, "api/stacks/old-lab");
            await GetAsync(contract, bob, "api/stacks?state=deleting");
            await GetAsync(contract, bob, "api/deployments?status=deleting");
        }
        await FollowAsync(contract, bob, id);
        await SendAsync(contract, portal.NewScript(), HttpMethod.Delete, "api/stacks/none?confirm=none", null, "once");
        await SendAsync(contract, bob, HttpMethod.Post, $"api/deployments/{id}/retry");
        await GetAsync(contract, bob, $"api/deployments/{id}");
        await GetAsync(contract, bob, $"api/deployments/{id}/events");
    }

    /// <summary>The database is away, and a fault of ours: every operation says so in the same way.</summary>
    private static async Task TroubleAsync(ApiContract contract, TroubledPortal portal, HttpClient ann, string ready)
    {
        foreach (var trouble in new Exception[] { TroubledPortal.Locked, new InvalidOperationException("SELECT secret") })
        {
            portal.Trouble = trouble;
            foreach (var operation in contract.Operations.Where(o => !o.Path.StartsWith("/health/", StringComparison.Ordinal) && o.Path != "/api/connections" && !o.Path.StartsWith("/api/dns", StringComparison.Ordinal)))
            {
                var path = operation.Path[1..].Replace("{id}", ready, StringComparison.Ordinal).Replace("{name}", "ready-lab", StringComparison.Ordinal);
                path += path == "api/check" ? "?name=ready-lab" : "";
                using var answer = await SendAsync(
                    contract, ann, HttpMethod.Parse(operation.Method), path, operation.Node["requestBody"] is null ? null : new { name = "trouble-lab" });
                Assert.Equal(trouble is InvalidOperationException ? 500 : 503, (int)answer.StatusCode);
                Assert.DoesNotContain("SELECT", await answer.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
            }
            portal.Trouble = null;
        }
        portal.KeysAreGone = true;
        await GetAsync(contract, ann, "api/stacks/ready-lab/credentials");
        portal.KeysAreGone = false;
    }

    /// <summary>By a name that is not the portal's, and from somebody else's page.</summary>
    private static async Task ForeignAsync(ApiContract contract, PortalFactory portal, string ready)
    {
        foreach (var operation in contract.Operations.Where(o => o.Path.StartsWith("/api", StringComparison.Ordinal)))
        {
            var path = operation.Path[1..].Replace("{id}", ready, StringComparison.Ordinal).Replace("{name}", "ready-lab", StringComparison.Ordinal);
            foreach (var (header, value) in new[] { ("Host", "evil.example.org"), ("Origin", "https://evil.example.org") })
            {
                if (header == "Host" || operation.Method != "GET")
                {
                    using var request = new HttpRequestMessage(HttpMethod.Parse(operation.Method), path) { Headers = { { header, value } } };
                    using var refused = await portal.NewScript().SendAsync(request, Token);
                    await contract.CheckAsync(refused);
                    Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
                }
            }
        }
    }

    /// <summary>With policies that let nobody: as a sign-in may bring them for those who are no administrators.</summary>
    private static async Task RefusalsAsync(ApiContract contract)
    {
        await using var strict = new TroubledPortal().Deny(Policies.ViewAdmin, Policies.AdministerDeployments, Policies.RepairDns);
        await strict.InitializeAsync();
        var owner = strict.NewPerson();
        using var held = strict.Emulator.World.Faults.Hold("project.create");
        var id = (await owner.StartAsync("strict-lab")).Text("deploymentId");
        var stranger = strict.NewPerson();
        using (var page = await stranger.GetAsync("/", Token))
        {
            // A visit makes him somebody.
            Assert.True(page.IsSuccessStatusCode);
        }
        foreach (var path in new[] { "api/deployments", "api/stacks", "api/figures", "api/dns" })
        {
            using var refused = await SendAsync(contract, stranger, HttpMethod.Get, path);
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        }
        foreach (var (method, path) in new[]
        {
            (HttpMethod.Post, $"api/deployments/{id}/cancel"), (HttpMethod.Post, $"api/deployments/{id}/retry"), (HttpMethod.Post, "api/dns/repair"),
            (HttpMethod.Delete, "api/stacks/strict-lab?confirm=strict-lab"),
        })
        {
            using var refused = await SendAsync(contract, stranger, method, path);
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        }
        Assert.Equal(1, (await owner.GetJsonAsync("api/deployments?mine=true"))["total"]!.GetValue<int>());
        using var cancelled = await SendAsync(contract, owner, HttpMethod.Post, $"api/deployments/{id}/cancel");
        Assert.True(cancelled.IsSuccessStatusCode);
    }

    private static async Task NotReadyAsync(ApiContract contract)
    {
        await using var starting = new PortalFactory().With(services => services.RemoveAll<IHostedService>());
        await starting.InitializeAsync();
        await GetAsync(contract, starting.NewScript(), "health/ready");
    }

    private static async Task DnsAsync(ApiContract contract)
    {
        var wildcard = new FakeWildcard();
        await using var portal = new PortalFactory().With(services => services.AddSingleton<IWildcardRecord>(wildcard));
        await portal.InitializeAsync();
        var person = portal.NewPerson();
        await GetAsync(contract, person, "api/dns");
        await SendAsync(contract, person, HttpMethod.Post, "api/dns/repair");
        using (var page = await person.GetAsync("/", Token))
        {
            Assert.True(page.IsSuccessStatusCode);
        }
        foreach (var plan in new WildcardPlan[] { new WildcardPlan.NothingToDo(), new WildcardPlan.Create("example.org", "*.ai", "192.0.2.1", 300) })
        {
            wildcard.State = FakeWildcard.With(plan);
            await GetAsync(contract, person, "api/dns");
        }
        WildcardRepairResult[] done =
        [
            new WildcardRepairResult.AlreadyRight(), new WildcardRepairResult.Created("example.org", "*.ai", "192.0.2.1"),
            new WildcardRepairResult.Changed("example.org", "*.ai", ["198.51.100.7"], "192.0.2.1"),
        ];
        var refused = contract.Promised().Select(p => p.Split(' ')).Where(p => p is ["repairDns", "409" or "502", _])
            .Select(p => (Status: p[1], Why: new ConnectionResult(ConnectionTarget.WildcardDns, Enum.GetValues<ConnectionCause>().Single(c => c.ToWire() == p[2]))))
            .Select(p => p.Status == "409" ? (WildcardRepairResult)new WildcardRepairResult.NotPossible(p.Why) : new WildcardRepairResult.Failed(p.Why, MayHaveHappened: true));
        foreach (var result in done.Concat(refused))
        {
            wildcard.Result = result;
            await SendAsync(contract, person, HttpMethod.Post, "api/dns/repair");
        }
    }

    private static async Task<string> LastEventAsync(HttpClient client, string id) =>
        (await client.GetJsonAsync($"api/deployments/{id}/events?take=500"))["items"]!.AsArray()[^1]!["id"]!.ToJsonString();

    /// <summary>The stream to its end.</summary>
    private static async Task FollowAsync(ApiContract contract, HttpClient client, string id)
    {
        using var answer = await client.GetAsync($"api/status/{id}", Token);
        await contract.CheckAsync(answer);
    }

    private static async Task GetAsync(ApiContract contract, HttpClient client, string path, string? accept = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (accept is not null)
        {
            request.Headers.Accept.ParseAdd(accept);
        }
        using var answer = await client.SendAsync(request, Token);
        await contract.CheckAsync(answer);
    }

    private static async Task<HttpResponseMessage> SendAsync(
        ApiContract contract, HttpClient client, HttpMethod method, string path, object? body = null, string? key = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : System.Net.Http.Json.JsonContent.Create(body) };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }
        var answer = await client.SendAsync(request, Token);
        await contract.CheckAsync(answer);
        return answer;
    }

    private static async Task PostAsync(ApiContract contract, HttpClient client, HttpContent body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/deploy") { Content = body, Headers = { ExpectContinue = true } };
        using var answer = await client.SendAsync(request, Token);
        await contract.CheckAsync(answer);
    }
}
