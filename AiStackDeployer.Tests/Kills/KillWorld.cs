using System.Globalization;
using AiStackDeployer.DokployEmulator;
using AiStackDeployer.DokployEmulator.Faults;
using AiStackDeployer.Tests.TestKit;

namespace AiStackDeployer.Tests.Kills;

/// <summary>
/// Rounds of operations on one target, all at once, each round with a kill and often more of them during the recovery. Everything that
/// is chosen follows from the seed; how fast the machine is does not.
/// </summary>
internal sealed class KillWorld : IAsyncDisposable
{
    /// <summary>An operation takes two seconds, a start as long, and lost answers are looked for again for up to half a minute.</summary>
    private static readonly TimeSpan RoundTimeout = TimeSpan.FromMinutes(4);

    private const double ChanceOfAnother = 0.9;
    private const int FarthestByChance = 12;

    /// <summary>What is done to the stack that stays, one in each round; each world has one of these cycles.</summary>
    private static readonly string[][] Cycles =
        [["rotate-password"], ["stop", "start"], ["redeploy"], ["restart"], ["change-environment"], ["schedule-deletion", "start"]];

    private static readonly ImageOutcome[] Failures = [ImageOutcome.MissingImage, ImageOutcome.PullDenied, ImageOutcome.CrashLoop];

    private readonly Lock _counting = new();
    private readonly Random _random;
    private readonly int _seed;
    private readonly Dictionary<string, int> _kills = [];
    private readonly List<KilledOperation> _stacks = [];
    private List<KillOrder> _left = [];
    private bool _isRecovering;
    private KilledOperation? _ready;
    private KilledOperation? _kept;
    private List<KilledOperation> _round = [];
    private int _rounds;
    private long _lastKill;

    private KillWorld(int seed) => (_seed, _random) = (seed, new Random(seed));

    public KillTarget Target { get; private set; } = null!;

    /// <summary>The orders of the last round whose points were not met.</summary>
    public IReadOnlyList<KillOrder> Left => _left;

    /// <summary>How often it was killed at each point.</summary>
    public IReadOnlyDictionary<string, int> Kills => _kills;

    /// <summary>The operations that a kill met unfinished, by scenario.</summary>
    public Dictionary<string, int> Interrupted { get; } = [];

    /// <summary>From a round's last kill until everything had ended, at most.</summary>
    public TimeSpan Slowest { get; private set; }

    /// <summary>How they ended.</summary>
    public Dictionary<string, int> Ended { get; } = [];

    public int KillCount
    {
        get
        {
            lock (_counting)
            {
                return _kills.Values.Sum();
            }
        }
    }

    public static async Task<KillWorld> StartAsync(KillDatabase database, int replicas, int seed, CancellationToken cancellationToken)
    {
        var world = new KillWorld(seed);
        world.Target = await KillTarget.StartAsync(database, replicas, world.NextOrders, world.Died, cancellationToken);
        try
        {
            await world.RoundAsync([], cancellationToken);
            return world;
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }
    }

    /// <summary>All points that a round without a kill passes, in a fixed order.</summary>
    public async Task<IReadOnlyList<KillOrder>> ListAsync(CancellationToken cancellationToken)
    {
        foreach (var _ in Cycle)
        {
            await RoundAsync([KillOrder.List], cancellationToken);
        }
        var met = new Dictionary<KillOrder, int>();
        foreach (var line in Target.Replicas.SelectMany(r => r.Output.Split('\n')).Where(l => l.StartsWith(KillOrder.Met, StringComparison.Ordinal)))
        {
            var parts = line.Split(' ');
            var point = new KillOrder(parts[1], parts[2], parts[3], 0);
            met[point] = met.GetValueOrDefault(point) + 1;
        }
        var points = met.SelectMany(m => Enumerable.Range(1, m.Value).Select(nth => m.Key with { Nth = nth })).ToList();
        points.AddRange(points.Where(p => p is { Side: KillOrder.Before, Nth: 1 } && p.What.Contains('.', StringComparison.Ordinal) && p.Scenario != KillOrder.OutsideOfRuns)
            .Select(p => p with { Scenario = KillOrder.Any, Side = KillOrder.During }).Distinct().ToList());
        var order = points.OrderBy(p => p.ToString(), StringComparer.Ordinal).ToArray();
        // Each world is another part of the same walk, with something of everything in it.
        new Random(0).Shuffle(order);
        return order;
    }

    /// <summary>
    /// One deployment that becomes ready, one that is cancelled, one that fails, the deletion of the one before, and an operation on one that
    /// is kept from the first round on.
    /// </summary>
    /// <param name="orders">Each of them once, in the order in which they are met.</param>
    /// <param name="byChance">Whether more kills follow when the orders are used up.</param>
    public async Task RoundAsync(IEnumerable<KillOrder> orders, CancellationToken cancellationToken, bool byChance = false)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(RoundTimeout);
        var gates = new List<CallGate>();
        var wanted = orders.ToList();
        lock (_counting)
        {
            _left = [.. wanted];
            _isRecovering = byChance;
            _round = Operations();
        }
        foreach (var order in _left.Where(o => o.Side == KillOrder.During).ToList())
        {
            gates.Add(Target.Dokploy.World.Faults.Hold(order.What, afterWork: true, onlyFirst: true));
            _ = KillAtAsync(gates[^1], order, timeout.Token);
        }
        Target.Tell(OrdersOfPortals());
        try
        {
            await await Task.WhenAny(Task.WhenAll(_round.Select(o => o.RunAsync(timeout.Token))), Target.Living);
            var took = TimeProvider.System.GetElapsedTime(_lastKill);
            Slowest = _left.Count < wanted.Count && took > Slowest ? took : Slowest;
            Target.Tell([]);
            _ready = _round.Single(o => o.Scenario == "deploy");
            _kept = _round[0];
            _stacks.RemoveAll(s => _round.Exists(o => o.Scenario == "delete" && o.Name == s.Name));
            _stacks.AddRange(_round.Where(o => o is { Status: "completed", Scenario: "deploy" or "cancel" }));
            await WorldCheck.AssertAsync(Target.Dokploy, _stacks, _kept);
            foreach (var operation in _round)
            {
                var end = $"{operation.Scenario} {operation.Status}";
                Ended[end] = Ended.GetValueOrDefault(end) + 1;
            }
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new KillViolationException(Describe(e), e);
        }
        finally
        {
            gates.ForEach(g => g.Release());
            _round.ForEach(o => o.Dispose());
        }
        _rounds++;
    }

    public async ValueTask DisposeAsync()
    {
        _kept?.Owner.Dispose();
        await Target.DisposeAsync();
    }

    private List<KilledOperation> Operations()
    {
        var outcome = Failures[_random.Next(Failures.Length)];
        Target.Dokploy.World.Outcomes.Set($"ai-stack-fail-{Text(_rounds)}", outcome);
        var kept = _kept is null ? New("keep") : New(Cycle[(_rounds - 1) % Cycle.Length], _kept.Name, _kept.Owner);
        List<KilledOperation> operations = [kept, New("deploy"), New("cancel"), New("fail")];
        if (_ready is { } before)
        {
            operations.Add(New("delete", before.Name));
        }
        return operations;
    }

    private string[] Cycle => Cycles[(_seed - 1) % Cycles.Length];

    private KilledOperation New(string scenario, string? name = null, BrowserCookies? owner = null) => new(
        Target, scenario, name ?? $"{scenario}-{Text(_rounds)}", $"{Text(_seed)}-{Text(_rounds)}-{scenario}-{Text(_random.Next())}-{Text(_random.Next())}", new Random(_random.Next()), owner)
    {
        CancelAt = scenario == "cancel" ? _random.Next(1, 16) : null,
    };

    private IReadOnlyCollection<KillOrder> NextOrders()
    {
        lock (_counting)
        {
            return _left.Count == 0 && _isRecovering && _random.NextDouble() < ChanceOfAnother ? [ByChance()] : OrdersOfPortals();
        }
    }

    private List<KillOrder> OrdersOfPortals() => [.. _left.Where(o => o.Side != KillOrder.During)];

    private KillOrder ByChance()
    {
        // Half of them on the very spot, the others somewhere until the next one: 50 µs to 20 ms.
        var delay = _random.Next(2) == 0 ? TimeSpan.Zero : TimeSpan.FromMicroseconds(50 * Math.Pow(400, _random.NextDouble()));
        var scenarios = _round.Select(o => o.Scenario).Append(KillOrder.OutsideOfRuns).ToList();
        return new KillOrder(scenarios[_random.Next(scenarios.Count)], KillOrder.Any, KillOrder.Any, _random.Next(1, FarthestByChance), delay);
    }

    private void Died(string? where)
    {
        if (where?.Split(": ") is [var point, var order])
        {
            Count(point, KillOrder.Parse(order));
        }
    }

    private async Task KillAtAsync(CallGate gate, KillOrder order, CancellationToken cancellationToken)
    {
        await gate.Arrived.WaitAsync(cancellationToken);
        Count($"{order.Scenario} {order.Side} {order.What}", order);
        await Target.KillAsync();
        gate.Release();
    }

    private void Count(string point, KillOrder order)
    {
        lock (_counting)
        {
            _left.Remove(order);
            _lastKill = TimeProvider.System.GetTimestamp();
            _kills[point] = _kills.GetValueOrDefault(point) + 1;
            foreach (var operation in _round.Where(o => !o.IsEnded))
            {
                Interrupted[operation.Scenario] = Interrupted.GetValueOrDefault(operation.Scenario) + 1;
            }
            if (!_isRecovering)
            {
                // Another replica waits for the same point; by chance both may die, and there that is welcome.
                Target.Tell(OrdersOfPortals());
            }
        }
    }

    private string Describe(Exception e)
    {
        var calls = Target.Dokploy.World.Calls.All.TakeLast(200).Select(c => $"{c.At:HH:mm:ss.fff} {c.Call} {c.Status}");
        return string.Join('\n', [
            $"seed {Text(_seed)}, round {Text(_rounds)}: {e.Message}", .. _round.Select(o => o.ToString()), .. _kills.Keys, .. calls,
            .. Target.Replicas.Select(r => r.Output)]);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
