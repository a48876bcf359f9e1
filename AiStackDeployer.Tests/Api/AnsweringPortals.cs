using System.Net.Http.Json;
using AiStackDeployer.Core;
using AiStackDeployer.Core.Care;
using AiStackDeployer.Core.Connections;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Naming;
using AiStackDeployer.Core.People;
using AiStackDeployer.Core.Rollouts;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.DokployEmulator;
using AiStackDeployer.DokployEmulator.Faults;
using AiStackDeployer.Tests.Connections;
using AiStackDeployer.Tests.Limits;
using AiStackDeployer.Tests.TestKit;
using AiStackDeployer.Web.Security;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace AiStackDeployer.Tests.Api;

/// <summary>Running portals that can be brought to every answer of the API, and one ready stack, <c>ready-lab</c>.</summary>
public sealed class AnsweringPortals : IAsyncLifetime
{
    private readonly TroubledPortal _strict = new TroubledPortal().Deny(Policies.ViewAdmin, Policies.AdministerDeployments, Policies.RepairDns, Policies.ManagePeople, Policies.ManagePortal);
    private readonly PortalFactory _starting = new PortalFactory().With(services => services.RemoveAll<IHostedService>());
    private readonly PortalFactory _signIn = new PortalFactory { EnvironmentName = "Development" }.With("AUTH", "development");
    private readonly PortalFactory _withWildcard;
    private readonly LimitedPortal _limited = new();
    private readonly PortalFactory _small = new PortalFactory().With("STACKS_PER_PERSON", "1");
    private int _strangers;
    private int _addresses;

    public AnsweringPortals() => _withWildcard = new PortalFactory().With(services => services.AddSingleton<IWildcardRecord>(Wildcard));

    internal TroubledPortal Portal { get; } = new();

    internal FakeWildcard Wildcard { get; } = new();

    internal ApiContract Contract { get; private set; } = null!;

    /// <summary>Made <c>ready-lab</c>.</summary>
    internal HttpClient Ann { get; private set; } = null!;

    internal HttpClient Bob { get; private set; } = null!;

    /// <summary>The deployment of <c>ready-lab</c>.</summary>
    internal string ReadyId { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        foreach (var portal in new PortalFactory[] { Portal, _strict, _starting, _signIn, _withWildcard, _limited, _small })
        {
            await portal.InitializeAsync();
        }
        Contract = await ApiContract.ReadAsync(Portal.NewScript());
        (Ann, Bob) = (Portal.NewPerson(), Portal.NewPerson());
        ReadyId = await EndedAsync("ready-lab", Ann);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var portal in new PortalFactory[] { Portal, _strict, _starting, _signIn, _withWildcard, _limited, _small })
        {
            await portal.DisposeAsync();
        }
    }

    internal Task<HttpResponseMessage> GetAsync(string path, string? accept = null, HttpClient? client = null) =>
        SendAsync("GET", path, client: client, headers: accept is null ? [] : [("Accept", accept)]);

    internal Task<HttpResponseMessage> PostAsync(string path, object? body = null, string? key = null, HttpClient? client = null) =>
        SendAsync("POST", path, body, client, key is null ? [] : [("Idempotency-Key", key)]);

    internal Task<HttpResponseMessage> DeployAsync(string name, string? key = null, HttpClient? client = null) =>
        PostAsync("api/deploy", new { name }, key, client ?? Bob);

    internal Task<HttpResponseMessage> DeleteAsync(string pathAndQuery, string? key = null, HttpClient? client = null) =>
        SendAsync("DELETE", $"api/stacks/{pathAndQuery}", client: client, headers: key is null ? [] : [("Idempotency-Key", key)]);

    /// <summary>While a roll-out to one stack of its own runs; afterwards it is cancelled, and the next one can start.</summary>
    internal async Task<HttpResponseMessage> RolledOutAsync(string name, Func<HttpResponseMessage, Task<HttpResponseMessage>> ask)
    {
        await EndedAsync(name);
        // Another answer may have been left running by another test of this class, which shares the portal.
        var started = await PostAsync("api/admin/rollout", new { image = "registry.test/rolled:2", search = name, openCode = 1 });
        var id = (await started.ReadJsonAsync()).Text("id");
        var answer = await ask(started);
        using var cancelled = await PostAsync($"api/admin/rollout/{id}/cancel");
        await UntilRolledOutAsync();
        return answer;
    }

    private async Task UntilRolledOutAsync()
    {
        var rollouts = Portal.Services.GetRequiredService<RolloutService>();
        while ((await rollouts.ReadAsync(CancellationToken.None)).Newest is { IsActive: true })
        {
            await rollouts.TickAsync(CancellationToken.None);
            await Task.Yield();
        }
    }

    internal Task<HttpResponseMessage> OperateAsync(string pathAndQuery, string? key = null) => PostAsync($"api/stacks/{pathAndQuery}", key: key, client: Bob);

    /// <summary><c>{id}</c> and <c>{name}</c> stand for the ready stack's.</summary>
    internal async Task<HttpResponseMessage> SendAsync(
        string method, string path, object? body = null, HttpClient? client = null, params (string Name, string Value)[] headers)
    {
        path = path.Replace("{id}", ReadyId, StringComparison.Ordinal).Replace("{name}", "ready-lab", StringComparison.Ordinal);
        using var request = new HttpRequestMessage(new HttpMethod(method), path)
        {
            Content = body as HttpContent ?? (body is null ? null : JsonContent.Create(body)),
        };
        // A body that is refused unread would otherwise break the connection it is still sent on.
        request.Headers.ExpectContinue = body is not null;
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }
        return await (client ?? Portal.NewScript()).SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>Runs a deployment to its end; returns its id.</summary>
    internal async Task<string> EndedAsync(string name, HttpClient? client = null, ImageOutcome? outcome = null)
    {
        if (outcome is { } set)
        {
            Portal.Emulator.World.Outcomes.Set($"ai-stack-{name}", set);
        }
        var id = (await (client ?? Bob).StartAsync(name)).Text("deploymentId");
        await FollowAsync(id);
        Portal.Emulator.World.Outcomes.Clear();
        return id;
    }

    /// <summary>A stack whose container was stopped in Dokploy after it was ready, and that was looked at since.</summary>
    internal async Task SilentAsync(string name)
    {
        var id = await EndedAsync(name);
        var application = Portal.Emulator.World.Applications.Single(a => a.Name == $"ai-stack-{name}");
        await Portal.Emulator.DoAsync("application.stop", new { applicationId = application.ApplicationId });
        await Portal.Services.GetRequiredService<IDeploymentStore>().ChangeAsync(
            id, d => d.RecordLook(d.Stack.Health, new HealthFinding(AddressLayer.Http), d.FinishedAt!.Value.AddSeconds(1)), TestContext.Current.CancellationToken);
    }

    internal async Task<string> CancelledAsync(string name)
    {
        string id;
        using (await Portal.HoldAsync("project.create"))
        {
            id = (await Bob.StartAsync(name)).Text("deploymentId");
            using var cancelled = await PostAsync($"api/deployments/{id}/cancel");
            Assert.True(cancelled.IsSuccessStatusCode);
        }
        await FollowAsync(id);
        return id;
    }

    /// <summary>Deletes a stack made for it; returns the deletion's id.</summary>
    internal async Task<string> DeletedAsync(string name, string? key = null)
    {
        await EndedAsync(name);
        using var begun = await DeleteAsync($"{name}?confirm={name}", key, Bob);
        var id = (await begun.ReadJsonAsync()).Text("deploymentId");
        await FollowAsync(id);
        return id;
    }

    /// <summary>An answer while Dokploy holds a call.</summary>
    internal async Task<HttpResponseMessage> WhileHeldAsync(string call, Func<CallGate, Task<HttpResponseMessage>> answer)
    {
        using var held = await Portal.HoldAsync(call);
        return await answer(held);
    }

    /// <summary>An answer while the database cannot be read, or breaks in a way that is a fault of ours.</summary>
    internal async Task<HttpResponseMessage> InTroubleAsync(Exception trouble, Func<Task<HttpResponseMessage>> answer)
    {
        Portal.Trouble = trouble;
        try
        {
            return await answer();
        }
        finally
        {
            Portal.Trouble = null;
        }
    }

    internal async Task<HttpResponseMessage> InMaintenanceAsync(Func<Task<HttpResponseMessage>> answer)
    {
        var care = Portal.Services.GetRequiredService<PortalCare>();
        await care.SetMaintenanceAsync(new Maintenance(new BilingualText("Work.", "Werk."), TimeProvider.System.GetUtcNow().AddHours(1)), "usr_admin", TestContext.Current.CancellationToken);
        try
        {
            return await answer();
        }
        finally
        {
            await care.SetMaintenanceAsync(null, "usr_admin", TestContext.Current.CancellationToken);
        }
    }

    internal async Task<HttpResponseMessage> WithoutKeysAsync(Func<Task<HttpResponseMessage>> answer)
    {
        Portal.KeysAreGone = true;
        try
        {
            return await answer();
        }
        finally
        {
            Portal.KeysAreGone = false;
        }
    }

    /// <summary>Somebody fills in a form with this name.</summary>
    internal async Task HoldNameAsync(string name) => await Portal.Services.GetRequiredService<NameAvailabilityService>()
        .CheckAndHoldAsync(name, new NameHolder($"form-{name}", "usr_somebody"), TestContext.Current.CancellationToken);

    /// <summary>As a sign-in may bring it: somebody known, who is neither the owner nor an administrator.</summary>
    internal async Task<HttpResponseMessage> AsStrangerAsync(string method, string path, object? body = null)
    {
        using var held = _strict.Emulator.World.Faults.Hold("project.create");
        using var owner = _strict.NewPerson();
        var name = $"strict-{++_strangers}";
        var id = (await owner.StartAsync(name)).Text("deploymentId");
        using var stranger = await VisitorAsync(_strict);
        path = path.Replace("{id}", id, StringComparison.Ordinal).Replace("{name}", name, StringComparison.Ordinal);
        return await SendAsync(method, path, body, stranger);
    }

    /// <summary>From an address that has asked too much already.</summary>
    internal async Task<HttpResponseMessage> TooOftenAsync(string method, string path, object? body)
    {
        var address = $"198.19.0.{++_addresses}";
        _limited.UseUp(address);
        return await SendAsync(method, path, body, _limited.NewScript(), ("X-Forwarded-For", address));
    }

    /// <summary>Where every place for a stream is taken.</summary>
    internal async Task<HttpResponseMessage> BesideTooManyStreamsAsync(Func<string, string> pathOf)
    {
        using var held = _limited.Emulator.World.Faults.Hold("project.create");
        var id = (await _limited.NewPerson().StartAsync($"watched-{++_strangers}")).Text("deploymentId");
        using var places = _limited.TakeStreams();
        return await SendAsync("GET", pathOf(id), client: _limited.NewScript(), headers: [("Accept", "text/event-stream"), ("X-Forwarded-For", $"198.19.0.{++_addresses}")]);
    }

    /// <summary>Somebody with one stack that is made, and the deployment of one that failed before it.</summary>
    internal async Task<(HttpClient Person, string FailedId)> WithAllStacksAsync()
    {
        var (person, name) = (_small.NewPerson(), $"full-{++_strangers}");
        _small.Emulator.World.Outcomes.Set($"ai-stack-{name}-a", ImageOutcome.MissingImage);
        var id = (await person.StartAsync($"{name}-a")).Text("deploymentId");
        await using (var events = await EventReader.OpenAsync(person, id))
        {
            await events.RestAsync();
        }
        await person.StartAsync($"{name}-b");
        return (person, id);
    }

    /// <summary>Somebody has signed in once.</summary>
    internal Task SignInAsync(string personId) => Portal.Services.GetRequiredService<IPeople>()
        .SignInAsync(Made.Person(personId), Made.Session(personId, DateTimeOffset.UnixEpoch), TestContext.Current.CancellationToken);

    internal Task<HttpResponseMessage> WhileStartingAsync(string path) => GetAsync(path, client: _starting.NewScript());

    internal async Task<HttpResponseMessage> WithWildcardAsync(string method, string path) =>
        await SendAsync(method, path, client: _withWildcard.NewScript());

    /// <summary>Where people sign in, and this caller has not.</summary>
    internal Task<HttpResponseMessage> SignedOutAsync(string method, string path, object? body) => SendAsync(method, path, body, _signIn.NewScript());

    internal async Task<string> LastEventAsync(string id) =>
        (await Ann.GetJsonAsync($"api/deployments/{id}/events?take=500"))["items"]!.AsArray()[^1]!["id"]!.ToJsonString();

    internal async Task FollowAsync(string id)
    {
        using var answer = await GetAsync($"api/status/{id}");
        Assert.Equal("watchDeployment 200 text/event-stream", await Contract.CheckAsync(answer));
    }

    private static async Task<HttpClient> VisitorAsync(PortalFactory portal)
    {
        var visitor = portal.NewPerson();
        using var page = await visitor.GetAsync("/", TestContext.Current.CancellationToken);
        Assert.True(page.IsSuccessStatusCode);
        return visitor;
    }
}
