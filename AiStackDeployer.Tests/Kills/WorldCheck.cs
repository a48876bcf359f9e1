using System.Text.Json.Nodes;
using AiStackDeployer.DokployEmulator;
using AiStackDeployer.Tests.Processes;

namespace AiStackDeployer.Tests.Kills;

/// <summary>What Dokploy has when everything has ended: each stack that is ready once, and nothing else.</summary>
internal static class WorldCheck
{
    /// <param name="once">The deployments whose stacks exist and have had nothing else done to them.</param>
    /// <param name="kept">The newest operation on the one that has had many.</param>
    public static async Task AssertAsync(DokployEmulatorHost dokploy, IReadOnlyCollection<KilledOperation> once, KilledOperation kept)
    {
        var world = dokploy.World;
        var all = once.Append(kept).ToList();
        var ready = kept.Scenario is "stop" or "schedule-deletion" ? once : all;
        var names = all.Select(r => $"ai-stack-{r.Name}").Order().ToList();
        Assert.Equal(names, world.Projects.Select(p => p.Name).Order());
        Assert.Equal(names, world.Applications.Select(a => a.Name).Order());
        Assert.Equal(ready.Select(r => $"{r.Name}.ai.localhost").Order(), world.Domains.Select(d => d.Host).Order());
        Assert.Equal(ready.Select(r => $"{r.Name}.ai.localhost").Order(), world.RoutedHosts.Order());
        Assert.Equal(2 * names.Count, world.Mounts.Count);
        Assert.Equal(names.Count, world.Services.Count);
        Assert.Empty(world.Jobs);
        foreach (var stack in all)
        {
            var project = world.Projects.Single(p => p.Name == $"ai-stack-{stack.Name}");
            var application = Assert.Single(world.Applications, a => a.ProjectId == project.ProjectId);
            Assert.Equal(2, world.Mounts.Where(m => m.ApplicationId == application.ApplicationId).Select(m => m.MountPath).Distinct().Count());
            // One of each operation. Its number counts the tries that were written down, whether or not they were sent.
            var jobs = world.Deployments.Where(d => d.ApplicationId == application.ApplicationId).Select(d => d.Title.Split(" #")[0]).ToList();
            Assert.Equal(jobs.Distinct(), jobs);
            Assert.True(stack == kept || jobs.SequenceEqual([stack.Id]), stack.ToString());
            var service = Assert.Single(world.Services, s => s.ApplicationId == application.ApplicationId);
            Assert.True(service.IsServing == ready.Contains(stack), stack.ToString());
            Assert.Contains(service.Env, line => line.EndsWith($"={stack.Password}", StringComparison.Ordinal));
            if (!service.IsServing)
            {
                continue;
            }
            await Completion.AssertOpensAsync(dokploy.StacksUrl, stack.Name, new JsonObject { ["username"] = "opencode", ["password"] = stack.Password });
        }
    }
}
