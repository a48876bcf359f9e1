using System.Runtime.CompilerServices;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.DokployEmulator;
using AiStackDeployer.Web.Settings;
using ArchUnitNET.Loader;

namespace AiStackDeployer.Tests.Architecture;

/// <summary>Who may know whom.</summary>
public sealed class RoomTests
{
    private const string Core = "AiStackDeployer.Core";
    private const string Web = "AiStackDeployer.Web";

    /// <summary>What portal, gate and ingest know of each other.</summary>
    private const string Contract = "AiStackDeployer.Contract";

    /// <summary>Which type of ours names which other one; each pair once, since a type names the same one many times.</summary>
    private static readonly HashSet<(string From, string To)> Dependencies =
    [
        .. new ArchLoader().LoadAssemblies(typeof(Deployment).Assembly, typeof(PortalSettings).Assembly).Build().Types
            .Where(t => IsOurs(t.FullName))
            .SelectMany(t => t.Dependencies.Where(d => IsOurs(d.Target.FullName)).Select(d => (t.FullName, d.Target.FullName))),
    ];

    /// <summary>Each room, and the rooms of ours that it may know beside itself.</summary>
    public static TheoryData<string, string[]> Rooms => new()
    {
        { $"{Core}.Naming", [] },
        { $"{Core}.Stacks", [$"{Core}.Naming"] },
        { $"{Core}.Http", [] },
        { $"{Core}.Dokploy", [$"{Core}.Http"] },
        { $"{Core}.Hetzner", [$"{Core}.Http"] },
        { $"{Core}.Connections", [$"{Core}.Dokploy", $"{Core}.Hetzner", $"{Core}.Http", $"{Core}.Stacks", Core] },
        { $"{Core}.Deployments", [$"{Core}.Naming", $"{Core}.Stacks", Core, Contract] },
        { $"{Core}.Logs", [$"{Core}.Deployments", $"{Core}.Naming", $"{Core}.Stacks", $"{Core}.Http", Core, Contract] },
        { $"{Core}.Builds", [$"{Core}.Http"] },
        { $"{Core}.People", [] },
        { $"{Core}.Audit", [] },
        { $"{Core}.Care", [$"{Core}.Deployments", $"{Core}.People", $"{Core}.Stacks", Core] },
        { $"{Core}.Notices", [$"{Core}.Deployments", $"{Core}.Naming", $"{Core}.Stacks", Core] },
        { $"{Core}.Diagnoses", [$"{Core}.Connections", $"{Core}.Deployments", $"{Core}.Naming", $"{Core}.Stacks", Core] },
        { $"{Core}.Rollouts", [$"{Core}.Deployments", $"{Core}.Naming", $"{Core}.Stacks", Core] },
        { $"{Core}.Diagnostics", [$"{Core}.Deployments", $"{Core}.Naming", $"{Core}.Stacks", Core] },
        {
            $"{Core}.Persistence",
            [
                $"{Core}.Audit", $"{Core}.Connections", $"{Core}.Diagnostics", $"{Core}.Deployments", $"{Core}.Naming", $"{Core}.Notices", $"{Core}.People", $"{Core}.Stacks", Core,
            ]
        },
        { $"{Core}.Backup", [$"{Core}.Audit", $"{Core}.People", $"{Core}.Persistence", $"{Core}.Deployments", $"{Core}.Stacks", Core] },
        {
            $"{Core}.Provisioning",
            [
                $"{Core}.Care", $"{Core}.Dokploy", $"{Core}.Http", $"{Core}.Diagnoses", $"{Core}.Diagnostics", $"{Core}.Deployments", $"{Core}.Logs", $"{Core}.Naming", $"{Core}.Notices", $"{Core}.Rollouts", $"{Core}.Stacks", Core, Contract,
            ]
        },
        {
            $"{Web}.Presentation",
            [$"{Core}.Notices", $"{Core}.Rollouts", $"{Core}.Care", $"{Core}.Audit", $"{Core}.Builds", $"{Core}.Connections", $"{Core}.Deployments", $"{Core}.Diagnoses", $"{Core}.Logs", $"{Core}.Naming", $"{Core}.Stacks", Core, $"{Web}.Resources"]
        },
        {
            $"{Web}.Components",
            [
                $"{Core}.Notices", $"{Core}.Rollouts", $"{Core}.Care", $"{Core}.Builds", $"{Core}.Connections", $"{Core}.Diagnoses", $"{Core}.Diagnostics", $"{Core}.Deployments", $"{Core}.Audit", $"{Core}.Logs", $"{Core}.People", $"{Core}.Naming", $"{Core}.Stacks", Core,
                $"{Web}.Presentation",
                $"{Web}.Notices", $"{Web}.Resources", $"{Web}.Security", $"{Web}.Settings", $"{Web}.Limits",
            ]
        },
        {
            $"{Web}.Api",
            [
                $"{Core}.Notices", $"{Core}.Rollouts", $"{Core}.Care", $"{Core}.Connections", $"{Core}.Diagnoses", $"{Core}.Diagnostics", $"{Core}.Deployments", $"{Core}.Audit", $"{Core}.Logs", $"{Core}.People", $"{Core}.Naming", $"{Core}.Stacks", Core,
                $"{Web}.Presentation", $"{Web}.Security", $"{Web}.Settings", $"{Web}.Limits",
            ]
        },
        {
            $"{Web}.Mcp",
            [
                $"{Core}.Care", $"{Core}.Connections", $"{Core}.Diagnoses", $"{Core}.Deployments", $"{Core}.Audit", $"{Core}.People", $"{Core}.Naming", $"{Core}.Stacks", Core,
                $"{Web}.Presentation", $"{Web}.Security", $"{Web}.Settings", $"{Web}.Limits",
            ]
        },
        { $"{Web}.Limits", [$"{Core}.Care", $"{Core}.Deployments", $"{Core}.People", $"{Core}.Stacks", $"{Web}.Security"] },
        {
            $"{Web}.Notices",
            [
                $"{Core}.Connections", $"{Core}.Deployments", $"{Core}.Notices", $"{Core}.Stacks", Core, $"{Web}.Presentation", $"{Web}.Security", $"{Web}.Settings",
            ]
        },
        { $"{Web}.Security", [$"{Core}.Notices", $"{Core}.Rollouts", $"{Core}.Care", $"{Core}.Audit", $"{Core}.Connections", $"{Core}.Deployments", $"{Core}.Naming", $"{Core}.People", $"{Core}.Stacks", Core, $"{Web}.Settings"] },
    };

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_room_knows_only_the_rooms_it_may(string room, string[] known)
    {
        Assert.Contains(Dependencies, d => IsIn(d.From, room));
        Assert.DoesNotContain(Dependencies, d => IsIn(d.From, room) && !IsIn(d.To, room) && !known.Any(k => IsIn(d.To, k)));
    }

    [Theory]
    [InlineData("Dokploy")]
    [InlineData("Hetzner")]
    public void Only_connections_provisioning_and_the_composition_meet_what_is_outside(string room)
    {
        string[] allowed = [$"{Core}.{room}", $"{Core}.Connections", $"{Core}.Provisioning", $"{Web}.Composition", $"{Web}.Settings"];

        Assert.DoesNotContain(Dependencies, d => IsIn(d.To, $"{Core}.{room}") && !allowed.Any(a => IsIn(d.From, a)));
    }

    [Fact]
    public void Core_measures_with_what_dotnet_brings_and_knows_no_exporter() => Assert.DoesNotContain(
        typeof(Deployment).Assembly.GetReferencedAssemblies(), a => a.Name!.StartsWith("OpenTelemetry", StringComparison.Ordinal));

    /// <summary>But for the shape of a row (portals that share a database keep the key ring in it) and for what gate and ingest know as well.</summary>
    [Fact]
    public void Core_names_neither_asp_net_nor_the_component_library() => Assert.DoesNotContain(
        typeof(Deployment).Assembly.GetReferencedAssemblies().Where(a => a.Name != "Microsoft.AspNetCore.DataProtection.EntityFrameworkCore"),
        a => a.Name!.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal) || a.Name.StartsWith("MudBlazor", StringComparison.Ordinal)
            || (a.Name.StartsWith("AiStackDeployer", StringComparison.Ordinal) && a.Name != Contract));

    [Fact]
    public void The_emulator_names_none_of_our_code() => Assert.DoesNotContain(
        typeof(DokployEmulatorHost).Assembly.GetReferencedAssemblies(), a => a.Name!.StartsWith("AiStackDeployer", StringComparison.Ordinal));

    [Fact]
    public void No_file_of_the_product_is_longer_than_three_hundred_lines_and_no_test_than_four_hundred()
    {
        var root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "..", ".."));
        string[] programs = [Core, Web, Contract, "AiStackDeployer.StackGate", "AiStackDeployer.LogIngest"];
        string[] projects = [.. programs, "AiStackDeployer.DokployEmulator", "AiStackDeployer.Tests"];
        var files = projects
            .SelectMany(p => Directory.EnumerateFiles(Path.Combine(root, p), "*.*", SearchOption.AllDirectories))
            .Where(f => f.EndsWith(".cs", StringComparison.Ordinal) || f.EndsWith(".razor", StringComparison.Ordinal))
            .Where(f => !f.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or "Migrations"))
            .ToList();

        Assert.True(files.Count > 100);
        Assert.DoesNotContain(
            files.Select(f => (Path: Path.GetRelativePath(root, f), Lines: File.ReadLines(f).Count())),
            f => f.Lines > (programs.Any(p => f.Path.StartsWith(p + Path.DirectorySeparatorChar, StringComparison.Ordinal)) ? 300 : 400));
    }

    private static bool IsOurs(string type) => type.StartsWith("AiStackDeployer.", StringComparison.Ordinal);

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
