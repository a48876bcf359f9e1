using AiStackDeployer.Core;
using AiStackDeployer.Core.Care;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Diagnostics;
using AiStackDeployer.Core.Dokploy;
using AiStackDeployer.Core.Naming;
using AiStackDeployer.Core.Persistence;
using AiStackDeployer.Core.Provisioning;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.DokployEmulator;
using AiStackDeployer.Tests.Persistence;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AiStackDeployer.Tests.TestKit;

/// <summary>
/// The portal below its pages, as the program composes it: real database file, real client, real workflow, against a real
/// emulator on loopback. A test runs the workflow itself, so it decides when a run begins.
/// </summary>
internal sealed class TestPortal : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly string _folder;
    private readonly TestDatabase? _server;
    private readonly bool _ownsFolder;
    private readonly bool _engine;
    private readonly TimeProvider _time;

    private TestPortal(
        ServiceProvider services, DokployEmulatorHost emulator, string folder, TestDatabase? server, bool ownsFolder, bool engine, LogBook logs,
        TimeProvider time)
    {
        _server = server;
        Logs = logs;
        _time = time;
        _engine = engine;
        _services = services;
        Emulator = emulator;
        _folder = folder;
        _ownsFolder = ownsFolder;
    }

    public DokployEmulatorHost Emulator { get; }

    public string Folder => _folder;

    /// <summary>Of this process.</summary>
    public LogBook Logs { get; }

    public DeploymentService Deployments => Get<DeploymentService>();

    public DeploymentFeed Feed => Get<DeploymentFeed>();

    public IDeploymentStore Store => Get<IDeploymentStore>();

    public DeploymentSignals Signals => Get<DeploymentSignals>();

    /// <param name="dokployTime">The clock of Dokploy's machine alone: its jobs move when the test advances it. Null = the portal's.</param>
    /// <param name="time">The portal's clock. Null = the real one.</param>
    public static async Task<TestPortal> StartAsync(
        Func<ProvisioningOptions, ProvisioningOptions>? provisioning = null, Func<DokployOptions, DokployOptions>? dokploy = null,
        bool engine = false, EmulatorOptions? emulated = null, TimeProvider? dokployTime = null, string image = "registry.test/stack:1",
        DatabaseKind database = DatabaseKind.Sqlite, TimeProvider? time = null)
    {
        time ??= TimeProvider.System;
        var emulator = await DokployEmulatorHost.StartAsync(
            emulated ?? new EmulatorOptions { Pace = 0, StackBootTime = TimeSpan.Zero }, dokployTime ?? time,
            TestContext.Current.CancellationToken);
        var folder = Directory.CreateTempSubdirectory("portal-test-").FullName;
        var server = database == DatabaseKind.Postgres ? await TestDatabase.CreateAsync(database) : null;
        return await ComposeAsync(emulator, folder, server, ownsFolder: true, provisioning, dokploy, engine, image, time);
    }

    /// <summary>Another process on the same database and the same Dokploy, as after a crash.</summary>
    /// <param name="way">Added to the client's way to Dokploy.</param>
    public Task<TestPortal> SecondProcessAsync(
        Func<ProvisioningOptions, ProvisioningOptions>? provisioning = null, bool engine = false, Func<DelegatingHandler>? way = null) =>
        ComposeAsync(Emulator, _folder, _server, ownsFolder: false, provisioning, null, engine, "registry.test/stack:1", _time, way);

    public T Get<T>() where T : notnull => _services.GetRequiredService<T>();

    /// <summary>Claims a name, as the form does.</summary>
    public async Task<DeploymentSnapshot> ClaimAsync(string name, string owner = "usr_one", string? request = null)
    {
        var result = await Deployments.StartAsync(
            new StartRequest { Name = name, OwnerId = owner, RequestId = request ?? Get<Ids>().NewRequestId() },
            TestContext.Current.CancellationToken);
        return Assert.IsType<BeginResult.Started>(result).Deployment;
    }

    /// <summary>Confirms the deletion of a stack, as the dialog does.</summary>
    public async Task<DeploymentSnapshot> AcceptDeletionAsync(DeploymentSnapshot of, string? request = null)
    {
        var result = await Deployments.BeginAsync(
            new OperationRequest { Operation = OperationCatalog.Delete, StackId = of.StackId, ConfirmName = of.Name, RequestId = request ?? Get<Ids>().NewRequestId() },
            TestContext.Current.CancellationToken);
        return Assert.IsType<BeginResult.Started>(result).Deployment;
    }

    /// <summary>Confirms, runs, and looks.</summary>
    public async Task<DeploymentSnapshot> DeleteAsync(DeploymentSnapshot of)
    {
        var accepted = await AcceptDeletionAsync(of);
        await RunAsync(accepted.Id);
        return await SeeAsync(accepted.Id);
    }

    /// <summary>One run of the workflow to its end.</summary>
    public Task<TimeSpan?> RunAsync(string deploymentId) => RunUntilStoppedAsync(deploymentId, TestContext.Current.CancellationToken);

    public Task<TimeSpan?> RunUntilStoppedAsync(string deploymentId, CancellationToken stopping) => Get<DeploymentWorkflow>().RunAsync(deploymentId, stopping);

    public async Task<DeploymentSnapshot> SeeAsync(string deploymentId) =>
        await Deployments.FindAsync(deploymentId, TestContext.Current.CancellationToken) ?? throw new InvalidOperationException(deploymentId);

    public Task<IReadOnlyList<DeploymentEvent>> EventsAsync(string deploymentId) =>
        Store.ReadEventsAsync(deploymentId, 0, 1000, TestContext.Current.CancellationToken);

    /// <summary>Watches until the state is as wished; each look follows a change.</summary>
    public async Task<DeploymentSnapshot> UntilAsync(string deploymentId, Func<DeploymentSnapshot, bool> wished)
    {
        DeploymentSnapshot? last = null;
        await foreach (var update in Feed.WatchAsync(deploymentId, long.MaxValue, TestContext.Current.CancellationToken))
        {
            last = update.Snapshot;
            if (wished(last))
            {
                return last;
            }
        }
        throw new InvalidOperationException($"{deploymentId} ended as {last?.Phase} ({last?.Failure}).");
    }

    /// <summary>What SIGTERM does to the engine.</summary>
    public async Task StopEngineAsync()
    {
        foreach (var hosted in _services.GetServices<IHostedService>().Reverse())
        {
            await hosted.StopAsync(CancellationToken.None);
        }
    }

    /// <summary>Claims, runs, and looks.</summary>
    public async Task<DeploymentSnapshot> DeployAsync(string name)
    {
        var claimed = await ClaimAsync(name);
        await RunAsync(claimed.Id);
        return await SeeAsync(claimed.Id);
    }

    public async ValueTask DisposeAsync()
    {
        if (_engine)
        {
            await StopEngineAsync();
        }
        await _services.DisposeAsync();
        if (_ownsFolder)
        {
            await Emulator.DisposeAsync();
            IdleConnections.CloseIn(_folder);
            Directory.Delete(_folder, recursive: true);
            _server?.Dispose();
        }
    }

    private static async Task<TestPortal> ComposeAsync(
        DokployEmulatorHost emulator,
        string folder,
        TestDatabase? server,
        bool ownsFolder,
        Func<ProvisioningOptions, ProvisioningOptions>? provisioning,
        Func<DokployOptions, DokployOptions>? dokploy,
        bool engine,
        string image,
        TimeProvider time,
        Func<DelegatingHandler>? way = null)
    {
        var options = new ProvisioningOptions
        {
            DeadJobLooks = TimeSpan.FromMilliseconds(300),
            LostAfter = TimeSpan.FromMilliseconds(300),
            UnschedulableAfter = TimeSpan.FromMilliseconds(200),
            RefusalTimeout = TimeSpan.FromMilliseconds(600),
            Readiness = new ReadinessOptions { ConnectAddress = $"127.0.0.1:{emulator.StacksUrl.Port}" },
        };
        options = provisioning?.Invoke(options) ?? options;
        var client = new DokployOptions { Url = emulator.ApiUrl, ApiToken = emulator.ApiKey, RetryDelay = TimeSpan.FromMilliseconds(20) };
        client = dokploy?.Invoke(client) ?? client;
        var logs = new LogBook();
        var services = new ServiceCollection()
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Debug).AddProvider(logs))
            .AddSingleton(time)
            .AddSingleton(new StackDefaults
            {
                DomainSuffix = "ai.localhost", Image = image, Port = 8080, Scheme = "http", PublicPort = emulator.StacksUrl.Port,
            })
            .AddSingleton(ReservedNames.Default)
            .AddSingleton(new NamingOptions { FreshAtMost = TimeSpan.Zero })
            .AddSingleton(provider => new Ids(provider.GetRequiredService<TimeProvider>()))
            .AddSingleton<NameRules>().AddSingleton<UpstreamNameList>().AddSingleton<NameAvailabilityService>()
            .AddSingleton<DeploymentSignals>().AddSingleton<DurationLearner>().AddSingleton<DeploymentSnapshots>()
            .AddSingleton<DeploymentFeed>().AddSingleton<DeploymentService>().AddSingleton<StackEntrance>()
            .AddSingleton<ISecretProtector, TestSecrets>()
            .AddDokployClient(_ => client)
            .AddProvisioning(
                options, server is null ? EngineStore.InFile(Path.Combine(folder, "engine.db")) : EngineStore.InPostgres(server.Postgres!.ConnectionString))
            .AddSingleton<ILifePolicies>(new OneLifePolicy(LifePolicy.None)).AddSingleton<PortalCare>()
            .AddSingleton(LifePolicy.None).AddSingleton<RolePolicies>().AddSingleton<IStackImages>(provider => provider.GetRequiredService<RolePolicies>())
            .AddSingleton<NameCheckMeter>().AddSingleton<DeploymentMeter>().AddSingleton<WatcherMeter>();
        if (server is null)
        {
            services.AddSqlitePersistence(Path.Combine(folder, "portal.db"));
        }
        else
        {
            services.AddPostgresPersistence(server.Postgres!).AddPostgresSignals();
        }
        services.AddSingleton<IHostApplicationLifetime, TestLifetime>();
        if (!engine)
        {
            services.AddSingleton<IDeploymentQueue, NoEngine>();
        }
        if (way is not null)
        {
            services.AddHttpClient("dokploy").AddHttpMessageHandler(way);
        }
        var provider = services.BuildServiceProvider();
        await provider.MigrateAsync(TestContext.Current.CancellationToken);
        if (engine)
        {
            foreach (var hosted in provider.GetServices<IHostedService>())
            {
                await hosted.StartAsync(TestContext.Current.CancellationToken);
            }
        }
        return new TestPortal(provider, emulator, folder, server, ownsFolder, engine, logs, time);
    }

    private sealed class NoEngine : IDeploymentQueue
    {
        public Task EnqueueAsync(string deploymentId, DateTimeOffset acceptedAt, OperationCause cause, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
