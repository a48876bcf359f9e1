using System.Runtime.CompilerServices;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.DokployEmulator;
using AiStackDeployer.Web.Settings;
using ArchUnitNET.Loader;
using Model = ArchUnitNET.Domain.Architecture;

namespace AiStackDeployer.Tests.Architecture;

/// <summary>Who may know whom.</summary>
public sealed class RoomTests
{
    private const string Core = "AiStackDeployer.Core";
    private const string Web = "AiStackDeployer.Web";

    private static readonly Model Portal =
        new ArchLoader().LoadAssemblies(typeof(Deployment).Assembly, typeof(PortalSettings).Assembly).Build();

    /// <summary>Each room, and the rooms of ours that it may know beside itself.</summary>
    public static TheoryData<string, string[]> Rooms => new()
    {
        { $"{Core}.Naming", [] },
        { $"{Core}.Stacks", [$"{Core}.Naming"] },
        { $"{Core}.Http", [] },
        { $"{Core}.Dokploy", [$"{Core}.Http"] },
        { $"{Core}.Hetzner", [$"{Core}.Http"] },
        { $"{Core}.Connections", [] },
        { $"{Core}.Deployments", [$"{Core}.Naming", $"{Core}.Stacks", Core] },
        { $"{Core}.Diagnostics", [$"{Core}.Deployments", $"{Core}.Naming", $"{Core}.Stacks", Core] },
        { $"{Core}.Persistence", [$"{Core}.Connections", $"{Core}.Diagnostics", $"{Core}.Deployments", $"{Core}.Naming", $"{Core}.Stacks", Core] },
        { $"{Core}.Backup", [$"{Core}.Persistence", $"{Core}.Deployments", Core] },
        {
            $"{Core}.Provisioning",
            [
                $"{Core}.Connections", $"{Core}.Dokploy", $"{Core}.Hetzner", $"{Core}.Http", $"{Core}.Diagnostics", $"{Core}.Deployments",
                $"{Core}.Naming", $"{Core}.Stacks", Core,
            ]
        },
        { $"{Web}.Presentation", [$"{Core}.Connections", $"{Core}.Deployments", $"{Core}.Naming", $"{Core}.Stacks", Core, $"{Web}.Resources"] },
        {
            $"{Web}.Components",
            [
                $"{Core}.Connections", $"{Core}.Diagnostics", $"{Core}.Deployments", $"{Core}.Naming", $"{Core}.Stacks", Core, $"{Web}.Presentation",
                $"{Web}.Resources", $"{Web}.Security",
            ]
        },
        {
            $"{Web}.Api",
            [
                $"{Core}.Connections", $"{Core}.Diagnostics", $"{Core}.Deployments", $"{Core}.Naming", $"{Core}.Stacks", Core,
                $"{Web}.Presentation", $"{Web}.Security", $"{Web}.Settings",
            ]
        },
        {
            $"{Web}.Mcp",
            [
                $"{Core}.Connections", $"{Core}.Deployments", $"{Core}.Naming", $"{Core}.Stacks", Core,
                $"{Web}.Presentation", $"{Web}.Security", $"{Web}.Settings",
            ]
        },
        { $"{Web}.Security", [$"{Core}.Deployments", $"{Core}.Stacks", Core, $"{Web}.Settings"] },
    };

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_room_knows_only_the_rooms_it_may(string room, string[] known)
    {
        var inside = Inside(room);
        Assert.NotEmpty(inside);
        string[] strangers = [.. Portal.Types
            .Where(t => t.FullName.StartsWith("AiStackDeployer.", StringComparison.Ordinal) && !IsIn(t.FullName, room) && !known.Any(k => IsIn(t.FullName, k)))
            .Select(t => t.FullName)];
        var met = inside.SelectMany(t => t.Dependencies.Where(d => strangers.Contains(d.Target.FullName)).Select(d => $"{t.FullName} -> {d.Target.FullName}"));

        Assert.Empty(met.Distinct());
    }

    [Theory]
    [InlineData("Dokploy")]
    [InlineData("Hetzner")]
    public void Only_provisioning_and_the_composition_meet_what_is_outside(string room)
    {
        string[] allowed = [$"{Core}.{room}", $"{Core}.Provisioning", $"{Web}.Composition", $"{Web}.Settings"];
        var met = Portal.Types
            .Where(t => t.FullName.StartsWith("AiStackDeployer.", StringComparison.Ordinal) && !allowed.Any(a => IsIn(t.FullName, a)))
            .SelectMany(t => t.Dependencies.Where(d => IsIn(d.Target.FullName, $"{Core}.{room}")).Select(d => $"{t.FullName} -> {d.Target.FullName}"));

        Assert.Empty(met.Distinct());
    }

    [Fact]
    public void Core_measures_with_what_dotnet_brings_and_knows_no_exporter() => Assert.DoesNotContain(
        typeof(Deployment).Assembly.GetReferencedAssemblies(), a => a.Name!.StartsWith("OpenTelemetry", StringComparison.Ordinal));

    [Fact]
    public void Core_names_neither_asp_net_nor_the_component_library() => Assert.DoesNotContain(
        typeof(Deployment).Assembly.GetReferencedAssemblies(),
        a => a.Name!.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal) || a.Name.StartsWith("MudBlazor", StringComparison.Ordinal)
            || a.Name.StartsWith("AiStackDeployer", StringComparison.Ordinal));

    [Fact]
    public void The_emulator_names_none_of_our_code() => Assert.DoesNotContain(
        typeof(DokployEmulatorHost).Assembly.GetReferencedAssemblies(), a => a.Name!.StartsWith("AiStackDeployer", StringComparison.Ordinal));

    [Fact]
    public void No_file_is_longer_than_four_hundred_lines()
    {
        var root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "..", ".."));
        string[] projects = [Core, Web, "AiStackDeployer.DokployEmulator", "AiStackDeployer.Tests"];
        var files = projects
            .SelectMany(p => Directory.EnumerateFiles(Path.Combine(root, p), "*.*", SearchOption.AllDirectories))
            .Where(f => f.EndsWith(".cs", StringComparison.Ordinal) || f.EndsWith(".razor", StringComparison.Ordinal))
            .Where(f => !f.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or "Migrations"))
            .ToList();

        Assert.True(files.Count > 100);
        Assert.Empty(files.Where(f => File.ReadLines(f).Count() > 400).Select(f => Path.GetRelativePath(root, f)));
    }

    private static List<ArchUnitNET.Domain.IType> Inside(string room) => [.. Portal.Types.Where(t => IsIn(t.FullName, room))];

    // A room's own name alone ("AiStackDeployer.Core") stands for what lies directly in it.
    private static bool IsIn(string type, string room)
    {
        if (!type.StartsWith(room + ".", StringComparison.Ordinal))
        {
            return false;
        }
        return room is not (Core or Web) || !type[(room.Length + 1)..].Contains('.', StringComparison.Ordinal);
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
