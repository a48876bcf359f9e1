using System.Globalization;
using System.Security.Claims;
using AiStackDeployer.Core;
using AiStackDeployer.Core.Audit;
using AiStackDeployer.Core.Builds;
using AiStackDeployer.Core.Care;
using AiStackDeployer.Core.Connections;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Diagnoses;
using AiStackDeployer.Core.Logs;
using AiStackDeployer.Core.Naming;
using AiStackDeployer.Core.People;
using AiStackDeployer.Core.Rollouts;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Tests.Logs;
using AiStackDeployer.Tests.Naming;
using AiStackDeployer.Web.Components;
using AiStackDeployer.Web.Components.Admin;
using AiStackDeployer.Web.Components.Deploy;
using AiStackDeployer.Web.Components.Layout;
using AiStackDeployer.Web.Components.Parts;
using AiStackDeployer.Web.Components.Stacks;
using AiStackDeployer.Web.Limits;
using AiStackDeployer.Web.Presentation;
using AiStackDeployer.Web.Security;
using AiStackDeployer.Web.Security.SignIn;
using Bunit;
using TestContext = Xunit.TestContext;
using Bunit.TestDoubles;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using MudBlazor.Services;

namespace AiStackDeployer.Tests.TestKit;

/// <summary>The pages over a memory store and a clock that stands still until a test moves it. English, signed in as its owner.</summary>
public abstract class PageWorld : BunitContext
{
    public const string Me = "usr_me";

    // How long a test waits before it calls an answer missing. Nothing waits longer than it must; one second is short on a busy machine.
    static PageWorld() => DefaultWaitTimeout = TimeSpan.FromMinutes(1);

    protected PageWorld()
    {
        Speak("en");
        JSInterop.Mode = JSRuntimeMode.Loose;
        Store = new MemoryDeploymentStore(Signals);
        // What waits for a moment waits on the test's clock.
        Services.AddMudServices();
        Services.AddMetrics();
        Services.AddPortalTexts();
        Services.AddSingleton<TimeProvider>(Time)
            .AddSingleton(new Ids(Time))
            .AddSingleton(new StackDefaults { DomainSuffix = "ai.example.org", Image = "registry.test/stack:1", Port = 8080 })
            .AddSingleton(ReservedNames.Default)
            .AddSingleton(new NamingOptions { FreshAtMost = TimeSpan.Zero })
            .AddSingleton(new NameRules(ReservedNames.Default, "ai.example.org")).AddSingleton<UpstreamNameList>().AddSingleton<NameCheckMeter>().AddSingleton<NameAvailabilityService>()
            .AddSingleton<INameRegister>(Register).AddSingleton<IUpstreamNames>(Upstream)
            .AddSingleton(Signals).AddSingleton<IDeploymentStore>(Store)
            .AddSingleton<DurationLearner>().AddSingleton<DeploymentSnapshots>()
            .AddSingleton<DeploymentFeed>().AddSingleton<DeploymentService>().AddSingleton<StackEntrance>().AddSingleton<IStackGates>(Gates)
            .AddSingleton<IDeploymentQueue>(Queue)
            .AddSingleton<ISecretProtector, TestSecrets>()
            .AddSingleton<FormText>().AddSingleton<ViewText>().AddSingleton<DeploymentDiagnoses>().AddSingleton<StackDiagnoses>().AddSingleton<EvidenceGathering>()
            .AddSingleton(new StackVolumes("/workspace", "/state"))
            .AddSingleton<IHostApplicationLifetime>(Application)
            .AddSingleton<LastSeenTimes>().AddSingleton<ActivitySamples>().AddSingleton<IHealthChecks>(Checks)
            .AddSingleton<IAuditLog>(Audit).AddSingleton<VisibleDeployments>().AddSingleton<AuditTrail>().AddSingleton<StackActs>().AddSingleton<AdminActs>().AddSingleton<IReconciler>(Reconciler)
            .AddSingleton(LifePolicy.None).AddSingleton<PortalCare>().AddSingleton<RolePolicies>().AddSingleton<ILifePolicies>(provider => provider.GetRequiredService<RolePolicies>())
            .AddSingleton<IStackImages>(provider => provider.GetRequiredService<RolePolicies>()).AddSingleton<CareActs>()
            .AddSingleton<RolloutService>().AddSingleton<RolloutActs>().AddSingleton<OpenPages>()
            .AddScoped<DeploySession>().AddScoped<DeploymentActions>().AddScoped<StackActions>().AddScoped<OperationPress>().AddScoped<PortalParts>().AddScoped<BatchActs>()
            .AddSingleton<IPortalValues>(Values).AddSingleton<IStackServers>(Servers).AddSingleton(new ConnectionReports([], new ConnectionOptions(), Time, NullLogger<ConnectionReports>.Instance)).AddScoped<CircuitPresence>()
            .AddSingleton<IBrowserTab>(Tab).AddSingleton<IDokployState>(Dokploy).AddSingleton(_ => Support)
            .AddSingleton(new PortalLimits(LimitOptions.For(null, 0))).AddSingleton(new StackQuota(null, new Dictionary<string, int?>())).AddSingleton<Allowances>()
            .AddSingleton(new DeploymentLimits(Parallel: 4, _ => TimeSpan.FromMinutes(3)));
        Services.AddSingleton<IPeople>(People).AddSingleton<LiveSessions>().AddScoped(provider =>
            new CircuitSession(provider.GetRequiredService<LiveSessions>(), provider.GetRequiredService<AuthenticationStateProvider>()));
        Services.AddSingleton<IContainerLog>(Container).AddStackLogs(null).AddBuilds(null);
        AddServices(Services);
        Authorization = AddAuthorization();
        SignIn(Me, Policies.ViewOwn, Policies.ViewDeployment, Policies.StartDeployment, Policies.CancelDeployment, Policies.RetryDeployment, Policies.ViewCredentials, Policies.ViewAdmin,
            Policies.DeleteStack, Policies.OperateStack, Policies.AdministerDeployments);
        Above = Render<PageProviders>();
    }

    /// <summary>What stands above the page: dialogs, menus, passing messages.</summary>
    private protected IRenderedComponent<PageProviders> Above { get; }

    protected BunitAuthorizationContext Authorization { get; }

    private protected FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    private protected TestLifetime Application { get; } = new();

    private protected DeploymentSignals Signals { get; } = new();

    private protected MemoryDeploymentStore Store { get; }

    private protected MemoryPeople People { get; } = new();

    private protected FakeRegister Register { get; } = new();

    private protected FakeUpstream Upstream { get; } = new();

    private protected KnownDokploy Dokploy { get; } = new();

    /// <summary>Set before anything is drawn.</summary>
    private protected SupportContact Support { get; set; } = new(null);

    private protected RecordingTab Tab { get; } = new();

    private protected KnownGates Gates { get; } = new();

    private protected MemoryAudit Audit { get; } = new();

    private protected RecordingQueue Queue { get; } = new();

    private protected MemoryValues Values { get; } = new();

    private protected KnownReconciler Reconciler { get; } = new();

    private protected KnownServers Servers { get; } = new();

    private protected FakeContainer Container { get; } = new();

    private protected RecordingChecks Checks { get; } = new();

    protected DateTimeOffset Now => Time.GetUtcNow();

    /// <summary>What a test class needs besides; called before anything is drawn, when its fields are set and its constructor has not run.</summary>
    protected virtual void AddServices(IServiceCollection services)
    {
    }

    protected static void Speak(string language) =>
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(language);

    /// <summary>The open dialog.</summary>
    protected AngleSharp.Dom.IElement Dialog => Above.Find("[role=dialog]");

    /// <summary>A button of the open dialog, by its word.</summary>
    protected AngleSharp.Dom.IElement DialogButton(string word) =>
        Above.WaitForElements("[role=dialog] button").Single(b => b.TextContent.Trim() == word);

    /// <summary>An item of the open menu, by its word.</summary>
    protected AngleSharp.Dom.IElement MenuItem(string word) => Above.WaitForElements("[role=menuitem]").Single(item => item.TextContent.Trim() == word);

    /// <summary>What the open menu offers.</summary>
    protected IEnumerable<string> MenuItems => Above.FindAll("[role=menuitem]").Select(item => item.TextContent.Trim());

    /// <summary>Moves the clock with news of somebody else's. Again and again: a page may not wait yet when the clock moves.</summary>
    protected async Task LookUntilAsync(Func<bool> isSeen)
    {
        while (!isSeen())
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            Signals.Notify("dep_other");
            Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
    }

    /// <summary>The passing messages that stand there.</summary>
    protected IEnumerable<string> Messages => Above.FindAll(".mud-snackbar-content-message").Select(m => m.TextContent.Trim());

    protected void SignIn(string person, params string[] policies)
    {
        Authorization.SetAuthorized(person);
        Authorization.SetClaims(new Claim(ClaimTypes.NameIdentifier, person));
        Authorization.SetPolicies(policies);
    }

    /// <summary>A deployment that waits for its turn.</summary>
    protected async Task<string> ClaimAsync(string name, string owner = Me)
    {
        var result = await Services.GetRequiredService<DeploymentService>().StartAsync(
            new StartRequest { Name = name, OwnerId = owner, RequestId = Services.GetRequiredService<Ids>().NewRequestId() },
            TestContext.Current.CancellationToken);
        return Assert.IsType<BeginResult.Started>(result).Deployment.Id;
    }

    /// <summary>A deployment that a worker has brought to the beginning of a step.</summary>
    protected async Task<string> RunTo(string name, DeploymentStep step, string owner = Me)
    {
        var id = await ClaimAsync(name, owner);
        Bring(id, step);
        return id;
    }

    /// <summary>A stack that was made.</summary>
    protected async Task<string> MakeAsync(string name, string owner = Me)
    {
        var id = await RunTo(name, DeploymentStep.AwaitReadiness, owner);
        Complete(id);
        return id;
    }

    /// <summary>A deletion of a deployment's stack, waiting for its turn.</summary>
    protected async Task<string> DeleteAsync(string id)
    {
        var stack = Store.All.Single(d => d.Id == id).Stack;
        var result = await Services.GetRequiredService<DeploymentService>().BeginAsync(
            new OperationRequest { Operation = OperationCatalog.Delete, StackId = stack.Id, ConfirmName = stack.Name, RequestId = Services.GetRequiredService<Ids>().NewRequestId() },
            TestContext.Current.CancellationToken);
        return Assert.IsType<BeginResult.Started>(result).Deployment.Id;
    }

    /// <summary>An operation on a deployment's stack, waiting for its turn.</summary>
    protected async Task<string> BeginAsync(string id, Operation operation, OperationCause cause = OperationCause.Person)
    {
        var result = await Services.GetRequiredService<DeploymentService>().BeginAsync(
            new OperationRequest
            {
                Operation = operation, StackId = Store.All.Single(d => d.Id == id).StackId, RequestId = Services.GetRequiredService<Ids>().NewRequestId(), Cause = cause,
            },
            TestContext.Current.CancellationToken);
        return Assert.IsType<BeginResult.Started>(result).Deployment.Id;
    }

    /// <summary>The same, and a worker brings it to its end.</summary>
    protected async Task<string> DoAsync(string id, Operation operation, OperationCause cause = OperationCause.Person)
    {
        var begun = await BeginAsync(id, operation, cause);
        Bring(begun, operation.Plan[^1].Step);
        Complete(begun);
        return begun;
    }

    /// <summary>A worker goes on to the beginning of a step.</summary>
    protected void Bring(string id, DeploymentStep step) => Store.Change(id, d =>
    {
        var run = d.BeginRun(Now)!.Value;
        foreach (var earlier in d.Operation.Plan.Where(planned => !planned.IsDoneWhenAccepted).Select(planned => planned.Step).TakeWhile(s => s != step))
        {
            d.BeginStep(run, earlier, Now);
            d.EndStep(run, earlier, Now);
        }
        d.BeginStep(run, step, Now);
    });

    protected void Complete(string id) => Store.Change(id, d =>
    {
        d.EndStep(d.Run, d.CurrentStep, Now);
        d.Complete(d.Run, Now);
    });

    protected void Fail(string id, FailureCode code) => Store.Change(id, d => d.Fail(d.Run, new DeploymentFailure(code, d.CurrentStep), Now));

    protected void Unwound(string id, params string[] leftBehind) => Store.Change(id, d =>
    {
        d.BeginStep(d.Run, DeploymentStep.CleanUp, Now);
        d.EndStep(d.Run, DeploymentStep.CleanUp, Now);
        d.FinishUnwinding(d.Run, leftBehind, Now);
    });
}

/// <summary>Remembers what an island asked of its browser.</summary>
internal sealed class RecordingTab : IBrowserTab
{
    public List<string> Titles { get; } = [];

    public List<string> Copied { get; } = [];

    public bool Refuses { get; set; }

    public ValueTask SetTitleAsync(string title, CancellationToken cancellationToken)
    {
        Titles.Add(title);
        return ValueTask.CompletedTask;
    }

    public List<string> Icons { get; } = [];

    public List<string> Addresses { get; } = [];

    public List<string> Pushed { get; } = [];

    public ValueTask PushAddressAsync(string address, CancellationToken cancellationToken)
    {
        Pushed.Add(address);
        return ValueTask.CompletedTask;
    }

    public List<string> Opened { get; } = [];

    public List<string> Notified { get; } = [];

    /// <summary>The first notification.</summary>
    public TaskCompletionSource Notifying { get; } = new();

    public int Selected { get; private set; }

    public int Focused { get; private set; }

    public bool BlocksTabs { get; set; }

    public bool CanNotify { get; set; }

    public ValueTask SetIconAsync(string address, CancellationToken cancellationToken)
    {
        Icons.Add(address);
        return ValueTask.CompletedTask;
    }

    public ValueTask SetAddressAsync(string address, CancellationToken cancellationToken)
    {
        Addresses.Add(address);
        return ValueTask.CompletedTask;
    }

    public List<(string Name, string Value)> Remembered { get; } = [];

    public ValueTask RememberAsync(string name, string value, CancellationToken cancellationToken)
    {
        Remembered.Add((name, value));
        return ValueTask.CompletedTask;
    }

    public ValueTask<bool> CopyAsync(string text, CancellationToken cancellationToken)
    {
        Copied.Add(text);
        return ValueTask.FromResult(!Refuses);
    }

    public ValueTask SelectAsync(ElementReference element, CancellationToken cancellationToken)
    {
        Selected++;
        return ValueTask.CompletedTask;
    }

    public ValueTask<bool> OpenAsync(string address, CancellationToken cancellationToken)
    {
        Opened.Add(address);
        return ValueTask.FromResult(!BlocksTabs);
    }

    public ValueTask FocusIfNothingIsAsync(ElementReference element, CancellationToken cancellationToken)
    {
        Focused++;
        return ValueTask.CompletedTask;
    }

    public ValueTask<bool> CanNotifyAsync(CancellationToken cancellationToken) => ValueTask.FromResult(CanNotify);

    public ValueTask<bool> AskToNotifyAsync(CancellationToken cancellationToken) => ValueTask.FromResult(CanNotify);

    public ValueTask NotifyAsync(string title, string tag, CancellationToken cancellationToken)
    {
        Notified.Add(title);
        Notifying.TrySetResult();
        return ValueTask.CompletedTask;
    }
}

/// <summary>What the process knows of Dokploy, as a test wants it.</summary>
internal sealed class KnownDokploy : IDokployState
{
    public event Action? Changed;

    public DokployState Current { get; private set; } = DokployState.Answers;

    public void Become(DokployState state)
    {
        Current = state;
        Changed?.Invoke();
    }
}

/// <summary>Remembers which stacks somebody looked at.</summary>
internal sealed class RecordingChecks : IHealthChecks
{
    public List<string> Asked { get; } = [];

    public void CheckSoon(IEnumerable<string> stackIds) => Asked.AddRange(stackIds);
}

internal sealed class RecordingQueue : IDeploymentQueue
{
    public List<string> Enqueued { get; } = [];

    /// <summary>Runs in the middle of what a person began, before anything of it could be drawn.</summary>
    public Func<Task> Enqueuing { get; set; } = () => Task.CompletedTask;

    public Task EnqueueAsync(string deploymentId, DateTimeOffset acceptedAt, OperationCause cause, CancellationToken cancellationToken)
    {
        Enqueued.Add(deploymentId);
        return Enqueuing();
    }
}
