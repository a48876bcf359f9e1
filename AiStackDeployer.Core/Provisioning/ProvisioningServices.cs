using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Naming;
using AiStackDeployer.Core.Provisioning.Health;
using AiStackDeployer.Core.Provisioning.Steps;
using AiStackDeployer.Core.Stacks;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Quartz;

namespace AiStackDeployer.Core.Provisioning;

public static class ProvisioningServices
{
    /// <summary>
    /// The workflow on the durable engine. The engine keeps its jobs in a file of its own: it writes at every start and end of a
    /// job, and on SQLite two writers of one file wait for each other. The file may be lost without harm, the sweep makes new jobs.
    /// </summary>
    public static IServiceCollection AddProvisioning(this IServiceCollection services, ProvisioningOptions options, string engineFile)
    {
        services.AddSingleton(options)
            .AddSingleton(new DeploymentLimits(options.Parallel, options.TimeoutOf))
            .AddSingleton(new StackVolumes(options.WorkspacePath, options.StatePath))
            .AddSingleton<IUpstreamNames, DokployNames>()
            .AddSingleton(provider => new ReadinessProbe(options.Readiness, provider.GetRequiredService<TimeProvider>()))
            .AddSingleton<StackAddress>()
            .AddSingleton(options.Health)
            .AddSingleton<LastSeenTimes>()
            .AddSingleton<IAddressProbe, AddressProbe>()
            .AddSingleton<IMissingParts, MissingParts>()
            .AddSingleton<HealthChecks>()
            .AddSingleton<IHealthChecks>(provider => provider.GetRequiredService<HealthChecks>())
            .AddSingleton<DeployJobs>()
            .AddSingleton<ContainerLog>()
            .AddSingleton<Removal>()
            .AddSingleton<CleanUp>()
            .AddSingleton<IDeploymentStep, EnsureProject>()
            .AddSingleton<IDeploymentStep, EnsureApplication>()
            .AddSingleton<IDeploymentStep, Configure>()
            .AddSingleton<IDeploymentStep, EnsureVolumes>()
            .AddSingleton<IDeploymentStep, EnsureDomain>()
            .AddSingleton<IDeploymentStep, TriggerDeploy>()
            .AddSingleton<IDeploymentStep, AwaitDokploy>()
            .AddSingleton<IDeploymentStep, AwaitContainer>()
            .AddSingleton<IDeploymentStep, AwaitReadiness>()
            .AddSingleton<IDeploymentStep, RemoveApplication>()
            .AddSingleton<IDeploymentStep, RemoveDomain>()
            .AddSingleton<IDeploymentStep, RemoveProject>()
            .AddSingleton<IDeploymentStep, ProveGone>()
            .AddSingleton<DeploymentWorkflow>()
            .AddSingleton<DeploymentQueue>()
            .AddSingleton<IDeploymentQueue>(provider => provider.GetRequiredService<DeploymentQueue>());
        services.AddQuartz(quartz =>
        {
            // One thread more than deployments: the round of health checks has it to itself.
            quartz.UseDefaultThreadPool(options.Parallel + 1);
            // Counted in the store, where a job's end is seen before it wakes the scheduler. A node's own count is lowered a moment later,
            // and the next deployment would wait for the scheduler's next look.
            quartz.UseExecutionLimits(limits => limits
                .ForDefaultGroup(options.Parallel, ExecutionLimitScope.Cluster).ForGroup(HealthRound.ExecutionGroup, 1, ExecutionLimitScope.Cluster));
            quartz.ScheduleJob<HealthRound>((provider, trigger) => trigger
                .WithIdentity(nameof(HealthRound))
                .WithExecutionGroup(HealthRound.ExecutionGroup)
                .StartAt(provider.GetRequiredService<TimeProvider>().GetUtcNow() + options.Health.FirstAfter)
                .WithSimpleSchedule(schedule => schedule.WithInterval(options.Health.Interval).RepeatForever()
                    .WithMisfireInstruction(SimpleTriggerMisfireInstruction.NextWithRemainingCount)));
            quartz.ConfigureScheduler(scheduler =>
            {
                scheduler.InstanceName = "portal";
                // New and ended jobs wake it; a look each second would be most of what an idle portal does.
                scheduler.IdleWaitTime = TimeSpan.FromSeconds(30);
                // A stop of the portal interrupts the waiting; the next start goes on at the same step.
                scheduler.ShutdownJobInterruption = ShutdownJobInterruption.Always;
            });
            quartz.AddSchedulerListener<EngineStart>();
            quartz.UsePersistentStore(store =>
            {
                store.UseSqlite(new EngineConnections(), new SqliteConnectionStringBuilder { DataSource = engineFile }.ToString());
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
        services.AddHostedService<EngineSweep>();
        services.AddHostedService<DokployPulse>();
        return services;
    }
}
