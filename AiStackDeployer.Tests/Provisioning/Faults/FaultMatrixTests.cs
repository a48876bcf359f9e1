using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using AiStackDeployer.Core.Provisioning;
using AiStackDeployer.DokployEmulator;
using AiStackDeployer.Tests.TestKit;

namespace AiStackDeployer.Tests.Provisioning.Faults;

/// <summary>
/// Whatever Dokploy and the way to it do, and at whichever call: one of each is made, or nothing is left, and the end is the right one.
/// </summary>
public sealed class FaultMatrixTests(ITestOutputHelper output)
{
    private const int Rate = 10;
    private const string Wrong = "WRONG";

    private static string? Only { get; } = Environment.GetEnvironmentVariable("FAULT_MATRIX");

    [Fact]
    public Task Each_fault_and_each_call_ends_right() => PlayAsync(FaultTable.Short, lanes: 16);

    /// <summary>
    /// Every cell: <c>-explicit only -class AiStackDeployer.Tests.Provisioning.Faults.FaultMatrixTests -showliveoutput</c>. Some of them
    /// with <c>FAULT_MATRIX</c>, a part of their names.
    /// </summary>
    [Fact(Explicit = true)]
    public Task Each_fault_at_each_call_ends_right() => PlayAsync(FaultTable.All, lanes: 24);

    private async Task PlayAsync(IReadOnlyList<FaultCase> table, int lanes)
    {
        var rows = new ConcurrentQueue<FaultCase>(table.Where(row => Only is null || row.ToString().Contains(Only, StringComparison.Ordinal)));
        var played = new ConcurrentBag<(FaultCase Row, string End)>();
        var since = TimeProvider.System.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, lanes).Select(_ => PlayLaneAsync(rows, played)));

        Print(played, TimeProvider.System.GetElapsedTime(since));
        var wrong = played.Where(cell => cell.End.StartsWith(Wrong, StringComparison.Ordinal)).ToList();
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {played.Count} cells end wrong:\n{string.Join('\n', wrong.Select(c => $"{c.Row}: {c.End}").Order())}");
    }

    /// <summary>One Dokploy and one database for many cells; the portal is another process in each.</summary>
    private static async Task PlayLaneAsync(ConcurrentQueue<FaultCase> rows, ConcurrentBag<(FaultCase, string)> played)
    {
        var clock = new FastClock(Rate);
        using var cable = new Cable();
        TestPortal? home = null;
        try
        {
            while (rows.TryDequeue(out var row))
            {
                home ??= await TestPortal.StartAsync(time: clock, emulated: new EmulatorOptions
                {
                    Pace = 1, StackBootTime = TimeSpan.Zero, SlowPullTime = TimeSpan.FromSeconds(6), StopGraceTime = TimeSpan.FromSeconds(1),
                });
                try
                {
                    await using var portal = await home.SecondProcessAsync(Settings, way: cable.Handler);
                    played.Add((row, await new FaultCell(row, portal, cable, clock).PlayAsync()));
                    await ClearAsync(home);
                }
                catch (Exception e) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
                {
                    played.Add((row, $"{Wrong}: {e.Message.ReplaceLineEndings(" ")}"));
                    cable.PutBack();
                    await home.DisposeAsync();
                    home = null;
                }
            }
        }
        finally
        {
            await (home?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
    }

    private static ProvisioningOptions Settings(ProvisioningOptions options) => new()
    {
        Readiness = options.Readiness,
        OutageTimeout = TimeSpan.FromMinutes(2),
        DeployTimeout = TimeSpan.FromMinutes(5),
    };

    /// <summary>The next cell takes the same name.</summary>
    private static async Task ClearAsync(TestPortal home)
    {
        var world = home.Emulator.World;
        world.Faults.Clear();
        world.Outcomes.Clear();
        if (world.Projects.Count == 0)
        {
            return;
        }
        var made = (await home.Deployments.FindStackByNameAsync("lab", TestContext.Current.CancellationToken))!;
        await home.DeleteAsync(await home.SeeAsync(made.DeploymentId));
        Assert.Empty(world.Projects);
    }

    private void Print(IReadOnlyCollection<(FaultCase Row, string End)> played, TimeSpan took)
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{played.Count} cells in {took.TotalSeconds:0} s");
        foreach (var (title, group) in new (string, Func<FaultCase, string>)[]
        {
            ("faults", row => row.Fault.Name), ("calls", row => $"{row.Scene} {row.Call}"),
        })
        {
            text.AppendLine().AppendLine().Append(title);
            foreach (var cells in played.GroupBy(cell => group(cell.Row)).OrderBy(g => g.Key, StringComparer.Ordinal))
            {
                var ends = cells.GroupBy(cell => cell.End.StartsWith(Wrong, StringComparison.Ordinal) ? Wrong : cell.End).OrderByDescending(g => g.Count());
                text.AppendLine().Append(CultureInfo.InvariantCulture, $"  {cells.Key,-50} {cells.Count(),4}: {string.Join(", ", ends.Select(e => $"{e.Count()} {e.Key}"))}");
            }
        }
        output.WriteLine(text.ToString());
    }
}
