using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Diagnoses;
using AiStackDeployer.Core.Logs;
using AiStackDeployer.Core.Naming;
using AiStackDeployer.Core.Notices;
using AiStackDeployer.Core.Provisioning.Health;
using AiStackDeployer.Core.Provisioning.Life;
using AiStackDeployer.Core.Provisioning.Reconcile;
using AiStackDeployer.Core.Provisioning.Sources;
using AiStackDeployer.Core.Provisioning.Rollout;
using AiStackDeployer.Core.Provisioning.Steps;
using AiStackDeployer.Core.Rollouts;
using AiStackDeployer.Core.Stacks;
using Microsoft.Extensions.DependencyInjection;
using Quartz;

namespace AiStackDeployer.Core.Provisioning;

public static class ProvisioningServices
{
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
            .AddSingleton<RolloutService>()
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
            // Six threads more than people's operations: batches, the four rounds and the sweep have one each to themselves.
            quartz.UseDefaultThreadPool(options.Parallel + 6);
            // Several portals take from one queue on a server, each its own number. The one portal of a file counts in the store, where the
            // end of a job is seen before it wakes the engine: a node's own count is lowered a moment too late for that.
            var scope = engine.IsEnlisting ? ExecutionLimitScope.Node : ExecutionLimitScope.Cluster;
            quartz.UseExecutionLimits(limits => limits.ForDefaultGroup(options.Parallel, scope)
                .ForGroup(HealthRound.ExecutionGroup, 1, scope).ForGroup(EngineSweep.ExecutionGroup, 1, scope)
                .ForGroup(LifeRound.ExecutionGroup, 1, scope).ForGroup(NoticeRound.ExecutionGroup, 1, scope).ForGroup(RolloutRound.ExecutionGroup, 1, scope).ForGroup(DeploymentQueue.BatchGroup, 1, scope));
            quartz.ScheduleJob<EngineSweep>(trigger => trigger
                .WithIdentity(nameof(EngineSweep))
                .WithExecutionGroup(EngineSweep.ExecutionGroup)
                .StartNow()
                .WithSimpleSchedule(schedule => schedule.WithInterval(EngineSweep.Every).RepeatForever()
                    .WithMisfireInstruction(SimpleTriggerMisfireInstruction.NextWithRemainingCount)));
            quartz.ScheduleJob<HealthRound>((provider, trigger) => trigger
                .WithIdentity(nameof(HealthRound))
                .WithExecutionGroup(HealthRound.ExecutionGroup)
                .StartAt(provider.GetRequiredService<TimeProvider>().GetUtcNow() + options.Health.FirstAfter)
                .WithSimpleSchedule(schedule => schedule.WithInterval(options.Health.Interval).RepeatForever()
                    .WithMisfireInstruction(SimpleTriggerMisfireInstruction.NextWithRemainingCount)));
            quartz.ScheduleJob<LifeRound>((provider, trigger) => trigger
                .WithIdentity(nameof(LifeRound))
                .WithExecutionGroup(LifeRound.ExecutionGroup)
                .StartAt(provider.GetRequiredService<TimeProvider>().GetUtcNow() + LifeRound.Every)
                .WithSimpleSchedule(schedule => schedule.WithInterval(LifeRound.Every).RepeatForever()
                    .WithMisfireInstruction(SimpleTriggerMisfireInstruction.NextWithRemainingCount)));
            quartz.ScheduleJob<RolloutRound>(trigger => trigger
                .WithIdentity(nameof(RolloutRound))
                .WithExecutionGroup(RolloutRound.ExecutionGroup)
                .StartNow()
                .WithSimpleSchedule(schedule => schedule.WithInterval(RolloutRound.Every).RepeatForever()
                    .WithMisfireInstruction(SimpleTriggerMisfireInstruction.NextWithRemainingCount)));
            quartz.ScheduleJob<ReconcileRound>((provider, trigger) => trigger
                .WithIdentity(nameof(ReconcileRound))
                .WithExecutionGroup(LifeRound.ExecutionGroup)
                .StartAt(provider.GetRequiredService<TimeProvider>().GetUtcNow() + TimeSpan.FromMinutes(2))
                .WithSimpleSchedule(schedule => schedule.WithInterval(ReconcileRound.Every).RepeatForever()
                    .WithMisfireInstruction(SimpleTriggerMisfireInstruction.NextWithRemainingCount)));
            quartz.ScheduleJob<NoticeRound>((provider, trigger) => trigger
                .WithIdentity(nameof(NoticeRound))
                .WithExecutionGroup(NoticeRound.ExecutionGroup)
                .StartAt(provider.GetRequiredService<TimeProvider>().GetUtcNow() + NoticeRound.Every)
                .WithSimpleSchedule(schedule => schedule.WithInterval(NoticeRound.Every).RepeatForever()
                    .WithMisfireInstruction(SimpleTriggerMisfireInstruction.NextWithRemainingCount)));
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
}
