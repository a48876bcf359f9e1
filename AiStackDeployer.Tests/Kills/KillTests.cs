using System.Globalization;

namespace AiStackDeployer.Tests.Kills;

/// <summary>
/// SIGKILL at calls and commits of deployments that complete, are cancelled and fail, of deletions and of all that is done to a stack that exists, several of them at once. Each time everything
/// goes on as if nothing had happened.
/// </summary>
public sealed class KillTests
{
    private const int GivesUpAfter = 600_000;
    private const int RoundsOfWorld = 10;

    // Accepted and not handed over; made and not recorded; asked for and not answered; half removed.
    [Theory(Timeout = GivesUpAfter)]
    [InlineData(
        KillDatabase.Sqlite, 1,
        "portal after commit 1 0;deploy after project.create 1 0;rotate-password after application.deploy 1 0;* during application.deploy 1 0;delete after application.delete 1 0")]
    [InlineData(KillDatabase.Sqlite, 1, "fail after application.create 1 0;cancel before commit 3 0", Explicit = true)]
    [InlineData(
        KillDatabase.PostgreSql, 2,
        "portal before commit 1 0;deploy before application.create 1 0;fail before application.delete 1 0;delete after project.remove 1 0", Explicit = true)]
    public async Task Killed_at_the_points_that_matter_most_every_operation_ends_as_asked_with_one_of_everything(
        KillDatabase database, int replicas, string points)
    {
        var token = TestContext.Current.CancellationToken;
        await using var world = await KillWorld.StartAsync(database, replicas, seed: 1, token);
        var left = KillOrder.ParseAll(points);
        for (var round = 0; left.Count > 0; round++)
        {
            // A point can be passed while the process dies at another one: then it has its turn in the next round.
            Assert.True(round < 6, $"Never met: {KillOrder.Join(left)}");
            await world.RoundAsync(left, token);
            left = world.Left;
        }
    }

    /// <summary>
    /// <c>AIST_KILLS=1000 ./test.sh -explicit only -class AiStackDeployer.Tests.Kills.KillTests -showliveoutput</c>: every point in turn, more by
    /// chance during each recovery. <c>AIST_SEED</c> is where it begins; a violation names the seed that repeats it.
    /// </summary>
    [Fact(Explicit = true)]
    public async Task Killed_at_every_point_in_turn_and_by_chance()
    {
        var token = TestContext.Current.CancellationToken;
        var wanted = Setting("AIST_KILLS", 1000);
        var database = Enum.Parse<KillDatabase>(Environment.GetEnvironmentVariable("AIST_DATABASE") ?? nameof(KillDatabase.Sqlite), ignoreCase: true);
        var replicas = Setting("AIST_REPLICAS", 1);
        var counts = new KillCounts();
        var violations = 0;
        try
        {
            for (var seed = Setting("AIST_SEED", 1); counts.Kills < wanted; seed++)
            {
                await using var world = await KillWorld.StartAsync(database, replicas, seed, token);
                try
                {
                    var points = await world.ListAsync(token);
                    Write($"seed {seed}: {counts.Kills} kills and {violations} violations so far; a round passes {points.Count} points");
                    for (var round = 0; round < RoundsOfWorld && counts.Kills + world.KillCount < wanted; round++)
                    {
                        await world.RoundAsync([points[((seed * RoundsOfWorld) + round) % points.Count]], token, byChance: true);
                    }
                }
                catch (KillViolationException e)
                {
                    violations++;
                    Write($"VIOLATION {e.Message}");
                }
                finally
                {
                    counts.Add(world);
                }
            }
        }
        finally
        {
            // Also of a run that somebody ends with Ctrl+C.
            Write($"{database}, {replicas} replica(s), {violations} violations\n{counts}");
        }
        Assert.Equal(0, violations);
    }

    private static int Setting(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    private static void Write(string text) => TestContext.Current.TestOutputHelper!.WriteLine(text);
}
