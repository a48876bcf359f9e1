using System.Collections.Concurrent;
using AiStackDeployer.Core;
using AiStackDeployer.Core.Care;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Naming;
using AiStackDeployer.Core.Persistence;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Tests.Naming;
using AiStackDeployer.Tests.Persistence;
using AiStackDeployer.Tests.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace AiStackDeployer.Tests.Deployments;

/// <summary>One portal's deployments over a real database, with the engine, the clock and Dokploy in the test's hand.</summary>
internal sealed class DeploymentWorld : IAsyncDisposable
{
    private readonly UpstreamNameList _names;

    private DeploymentWorld(TestDatabase database)
    {
        Database = database;
        Store = new HookedStore(database.OpenStore(Signals, meters: Meters));
        Register = database.OpenRegister();
        Learner = new DurationLearner(Store, Time);
        Snapshots = new DeploymentSnapshots(Store, Learner, Seen);
        Feed = new DeploymentFeed(Store, Signals, Snapshots, Time);
        var rules = new NameRules(ReservedNames.Default);
        var naming = new NamingOptions { FreshAtMost = TimeSpan.Zero };
        _names = new UpstreamNameList(Upstream, Time, naming);
        var availability = new NameAvailabilityService(rules, Register, _names, new NameCheckMeter(Meters), Time, naming);
        var defaults = new StackDefaults { DomainSuffix = "ai.test", Image = "registry.test/stack:1", Port = 8080 };
        Service = new DeploymentService(
            Store, Engine, rules, availability, Snapshots, Signals, defaults,
            new RolePolicies(new PortalCare(new MemoryValues(), Time), new MemoryPeople(), LifePolicy.None, defaults),
            new TestSecrets(), Seen, new Ids(Time), Time, NullLogger<DeploymentService>.Instance);
    }

    public TestDatabase Database { get; }

    public FakeTimeProvider Time { get; } = new(Some.Start);

    public LastSeenTimes Seen { get; } = new();

    public TestMeters Meters { get; } = new();

    public DeploymentSignals Signals { get; } = new();

    public HookedStore Store { get; }

    public NameRegister Register { get; }

    public FakeUpstream Upstream { get; } = new();

    public FakeEngine Engine { get; } = new();

    public DurationLearner Learner { get; }

    public DeploymentSnapshots Snapshots { get; }

    public DeploymentFeed Feed { get; }

    public DeploymentService Service { get; }

    public static async Task<DeploymentWorld> CreateAsync(DatabaseKind kind = DatabaseKind.Sqlite) => new(await TestDatabase.CreateAsync(kind));

    public Task<BeginResult> StartAsync(string name = "jan", string owner = "usr_1", string request = "req_1", string? holder = null) =>
        Service.StartAsync(
            new StartRequest { Name = name, OwnerId = owner, RequestId = request, HolderId = holder },
            TestContext.Current.CancellationToken);

    public async Task<DeploymentSnapshot> StartedAsync(string name = "jan", string owner = "usr_1", string request = "req_1") =>
        Assert.IsType<BeginResult.Started>(await StartAsync(name, owner, request)).Deployment;

    /// <summary>One change by the newest run.</summary>
    public async Task ChangeAsync(string deploymentId, Action<Deployment, DateTimeOffset> change) => Assert.True(await Store.ChangeAsync(
        deploymentId,
        deployment =>
        {
            change(deployment, Time.GetUtcNow());
            return true;
        },
        TestContext.Current.CancellationToken));

    public Task BeginAsync(string deploymentId) => ChangeAsync(deploymentId, (d, now) => d.BeginRun(now));

    public Task NoteAsync(string deploymentId) => ChangeAsync(deploymentId, (d, now) => d.Note(d.Run, LogCode.Raw, "line", now));

    public Task CompleteAsync(string deploymentId) => ChangeAsync(deploymentId, (d, now) =>
    {
        d.BeginRun(now);
        d.Complete(d.Run, now);
    });

    public Task FailAsync(string deploymentId) => ChangeAsync(deploymentId, (d, now) =>
    {
        d.BeginRun(now);
        d.Fail(d.Run, Some.Failure, now);
        d.FinishUnwinding(d.Run, [], now);
    });

    public Task CancelAsync(string deploymentId) => ChangeAsync(deploymentId, (d, now) => d.RequestCancel(now));

    public ValueTask DisposeAsync()
    {
        _names.Dispose();
        Database.Dispose();
        Meters.Dispose();
        return ValueTask.CompletedTask;
    }

    internal sealed class FakeEngine : IDeploymentQueue
    {
        private readonly ConcurrentQueue<(string Id, bool CanBeCancelled)> _jobs = new();

        public bool IsBroken { get; set; }

        public IReadOnlyList<string> Jobs => [.. _jobs.Select(job => job.Id)];

        public bool HeardACallersToken => _jobs.Any(job => job.CanBeCancelled);

        public Task EnqueueAsync(string deploymentId, DateTimeOffset acceptedAt, OperationCause cause, CancellationToken cancellationToken)
        {
            if (IsBroken)
            {
                throw new InvalidOperationException("The engine's own database is locked.");
            }
            _jobs.Enqueue((deploymentId, cancellationToken.CanBeCanceled));
            return Task.CompletedTask;
        }
    }
}
