using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Diagnoses;
using AiStackDeployer.Core.Logs;
using AiStackDeployer.Core.Naming;
using AiStackDeployer.Core.Notices;
using AiStackDeployer.Core.Provisioning.Health;
using AiStackDeployer.Core.Provisioning.Life;
using AiStackDeployer.Core.Provisioning.Reconcile;
using AiStackDeployer.Core.Provisioning.Rollout;
using AiStackDeployer.Core.Provisioning.Sources;
using AiStackDeployer.Core.Provisioning.Steps;
using AiStackDeployer.Core.Rollouts;
using AiStackDeployer.Core.Stacks;
using Microsoft.Extensions.DependencyInjection;
using Quartz;

namespace AiStackDeployer.Core.Provisioning;

public static class ProvisioningServices
{
    /// <summary>Execution groups with one worker each, beside those of people's operations.</summary>
    private static readonly string[] Alone =
    [
        EngineSweep.ExecutionGroup, HealthRound.ExecutionGroup, LifeRound.ExecutionGroup, NoticeRound.ExecutionGroup, RolloutRound.ExecutionGroup, DeploymentQueue.BatchGroup,
    ];

    /// <summary>
    /// The workflow on the durable engine. A job that is lost is made again by the sweep.
    /// </summary>
    public static IServiceCollection AddProvisioning(this IServiceCollection services, ProvisioningOptions options, EngineStore engine)
    {
        services.AddSingleton(options)
            .AddSingleton(new DeploymentLimits(options.Parallel, options.TimeoutOf))
            .AddSingleton(new StackVolumes(options.WorkspacePath, options.StatePath))
            .AddSingleton<IUpstreamNames, DokployNames>()
            .AddSingleton(provider => new ReadinessProbe(options.Readiness, provider.GetRequiredService<TimeProvider>()))
            .AddSingleton<StackAddress>()
            .AddSingleton<IStackGates, StackGates>()
            .AddSingleton<IStackServers, StackServers>()
            .AddSingleton(options.Health)
            .AddSingleton<LastSeenTimes>()
            .AddSingleton<ActivitySamples>()
            .AddSingleton<IAddressProbe, AddressProbe>()
            .AddSingleton<IMissingParts, MissingParts>()
            .AddSingleton<HealthChecks>()
            .AddSingleton<IHealthChecks>(provider => provider.GetRequiredService<HealthChecks>())
            .AddSingleton<DeployJobs>()
            .AddSingleton<ContainerLog>()
            .AddSingleton<IContainerLog>(provider => provider.GetRequiredService<ContainerLog>())
            .AddSingleton<Removal>()
            .AddSingleton<CleanUp>()
            .AddSingleton<Doubles>()
            .AddSingleton<IDeploymentStep, EnsureProject>()
            .AddSingleton<IDeploymentStep, EnsureApplication>()
            .AddSingleton<IDeploymentStep, Configure>()
            .AddSingleton<IDeploymentStep, EnsureVolumes>()
            .AddSingleton<IDeploymentStep, EnsureDomain>()
            .AddSingleton<IDeploymentStep, TriggerDeploy>()
            .AddSingleton<IDeploymentStep, AwaitDokploy>()
            .AddSingleton<IDeploymentStep, AwaitContainer>()
            .AddSingleton<IDeploymentStep, AwaitReadiness>()
            .AddSingleton<IDeploymentStep, CheckUnused>()
            .AddSingleton<IDeploymentStep, StopContainer>()
            .AddSingleton<IDeploymentStep, StartContainer>()
            .AddSingleton<PutBack>()
            .AddSingleton<StackDetails>().AddSingleton<IReconciler, Reconciler>()
            .AddSingleton<RolloutService>().AddSingleton<NoticeCourier>()
            .AddSingleton<IDeploymentStep, RemoveApplication>()
            .AddSingleton<IDeploymentStep, RemoveDomain>()
            .AddSingleton<IDeploymentStep, RemoveProject>()
            .AddSingleton<IDeploymentStep, ProveGone>()
            .AddSingleton<IEvidenceSource, AddressEvidence>()
            .AddSingleton<IEvidenceSource, ApplicationEvidence>()
            .AddSingleton<IEvidenceSource, TaskEvidence>()
            .AddSingleton<IEvidenceSource, ServiceEvidence>()
            .AddSingleton<IEvidenceSource, DeployLogEvidence>()
            .AddSingleton<IEvidenceSource, ContainerEvidence>()
            .AddSingleton<IEvidenceSource, GateEvidence>()
            .AddSingleton<IEvidenceSource, ServerEvidence>()
            .AddSingleton<DeploymentWorkflow>()
            .AddSingleton<DeploymentQueue>()
            .AddSingleton<IDeploymentQueue>(provider => provider.GetRequiredService<DeploymentQueue>());
        if (engine.IsEnlisting)
        {
            services.AddSingleton<IEnlistingQueue>(provider => provider.GetRequiredService<DeploymentQueue>());
        }
        services.AddQuartz(quartz =>
        {
            quartz.UseDefaultThreadPool(options.Parallel + Alone.Length);
            // Several portals take from one queue on a server, each its own number. The one portal of a file counts in the store, where the
            // end of a job is seen before it wakes the engine: a node's own count is lowered a moment too late for that.
            var scope = engine.IsEnlisting ? ExecutionLimitScope.Node : ExecutionLimitScope.Cluster;
            quartz.UseExecutionLimits(limits =>
            {
                limits.ForDefaultGroup(options.Parallel, scope);
                Array.ForEach(Alone, group => limits.ForGroup(group, 1, scope));
            });
            AddRound<EngineSweep>(quartz, EngineSweep.ExecutionGroup, EngineSweep.Every);
            AddRound<HealthRound>(quartz, HealthRound.ExecutionGroup, options.Health.Interval, options.Health.FirstAfter);
            AddRound<LifeRound>(quartz, LifeRound.ExecutionGroup, LifeRound.Every, LifeRound.Every);
            AddRound<ReconcileRound>(quartz, LifeRound.ExecutionGroup, ReconcileRound.Every, TimeSpan.FromMinutes(2));
            AddRound<RolloutRound>(quartz, RolloutRound.ExecutionGroup, RolloutRound.Every);
            AddRound<NoticeRound>(quartz, NoticeRound.ExecutionGroup, NoticeRound.Every, NoticeRound.Every);
            quartz.ConfigureScheduler(scheduler =>
            {
                scheduler.InstanceName = "portal";
                // What another portal accepted is found by looking. Of its own jobs each new and each ended one wakes the engine, so a look
                // each second would be most of what an idle portal does.
                scheduler.IdleWaitTime = engine.IsEnlisting ? TimeSpan.FromSeconds(1) : TimeSpan.FromSeconds(30);
                // A stop of the portal interrupts the waiting; the next start goes on at the same step.
                scheduler.ShutdownJobInterruption = ShutdownJobInterruption.Always;
            });
            quartz.AddSchedulerListener<EngineStart>();
            quartz.UsePersistentStore(store =>
            {
                engine.Use(store);
                store.ConfigureStore(ado =>
                {
                    ado.RecoverFiringsCancelledByShutdown = true;
                    // What runs is waited for at a stop. Its own thread must not keep a process alive that is told to stop while the
                    // engine starts: nobody would end it then.
                    ado.UseBackgroundThreads = true;
                });
                store.ProvisionSchema();
            });
        });
        services.AddQuartzHostedService<PortalEngine>(hosted => hosted.WaitForJobsToComplete = true);
        services.AddHealthChecks().AddQuartz(check => check.Name = "engine");
        services.AddHostedService<DokployPulse>();
        return services;
    }

    /// <param name="firstAfter">Null = at once.</param>
    private static void AddRound<T>(IQuartzBuilder quartz, string group, TimeSpan every, TimeSpan? firstAfter = null)
        where T : IJob => quartz.ScheduleJob<T>((provider, trigger) =>
        {
            trigger.WithIdentity(typeof(T).Name).WithExecutionGroup(group).WithSimpleSchedule(schedule => schedule.WithInterval(every).RepeatForever()
                .WithMisfireInstruction(SimpleTriggerMisfireInstruction.NextWithRemainingCount));
            _ = firstAfter is { } wait ? trigger.StartAt(provider.GetRequiredService<TimeProvider>().GetUtcNow() + wait) : trigger.StartNow();
        });
}
