using System.Text.Json.Nodes;
using AiStackDeployer.DokployEmulator;
using AiStackDeployer.Tests.Processes;

namespace AiStackDeployer.Tests.Kills;

/// <summary>What Dokploy has when everything has ended: each stack that is ready once, and nothing else.</summary>
internal static class WorldCheck
{
    /// <param name="ready">The deployments whose stacks exist now.</param>
    public static async Task AssertAsync(DokployEmulatorHost dokploy, IReadOnlyCollection<KilledOperation> ready)
    {
        var world = dokploy.World;
        var names = ready.Select(r => $"ai-stack-{r.Name}").Order().ToList();
        Assert.Equal(names, world.Projects.Select(p => p.Name).Order());
        Assert.Equal(names, world.Applications.Select(a => a.Name).Order());
        Assert.Equal(ready.Select(r => $"{r.Name}.ai.localhost").Order(), world.Domains.Select(d => d.Host).Order());
        Assert.Equal(ready.Select(r => $"{r.Name}.ai.localhost").Order(), world.RoutedHosts.Order());
        Assert.Equal(2 * names.Count, world.Mounts.Count);
        Assert.Equal(names.Count, world.Services.Count);
        Assert.Empty(world.Jobs);
        foreach (var stack in ready)
        {
            var project = world.Projects.Single(p => p.Name == $"ai-stack-{stack.Name}");
            var application = Assert.Single(world.Applications, a => a.ProjectId == project.ProjectId);
            Assert.Single(world.Domains, d => d.ApplicationId == application.ApplicationId);
            Assert.Equal(2, world.Mounts.Where(m => m.ApplicationId == application.ApplicationId).Select(m => m.MountPath).Distinct().Count());
            // Its number counts the tries that were written down, whether or not they were sent.
            Assert.Equal(stack.Id, Assert.Single(world.Deployments, d => d.ApplicationId == application.ApplicationId).Title.Split(" #")[0]);
            var service = Assert.Single(world.Services, s => s.ApplicationId == application.ApplicationId);
            Assert.True(service.IsServing, stack.ToString());
            Assert.Contains(service.Env, line => line.EndsWith($"={stack.Password}", StringComparison.Ordinal));
            await Completion.AssertOpensAsync(dokploy.StacksUrl, stack.Name, new JsonObject { ["username"] = "opencode", ["password"] = stack.Password });
        }
    }
}
