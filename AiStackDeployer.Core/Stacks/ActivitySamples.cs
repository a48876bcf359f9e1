namespace AiStackDeployer.Core.Stacks;

/// <summary>What a gate told at one moment, for the charts of a stack's page.</summary>
/// <param name="MemoryMegabytes">Null = it did not tell.</param>
/// <param name="SessionsAtWork">In which the agent worked, or waited for an answer.</param>
public readonly record struct ActivitySample(DateTimeOffset At, int? MemoryMegabytes, int SessionsAtWork);

/// <summary>
/// The last answers of each stack's gate, in memory of this process: charts of some hours are not worth a write for each look. A look
/// every few minutes makes <see cref="Most"/> of them most of a day.
/// </summary>
public sealed class ActivitySamples
{
    /// <summary>Of one stack.</summary>
    public const int Most = 200;

    /// <summary>Opening a stack asks its gate as well; that is no reason for a point of its own.</summary>
    public static readonly TimeSpan AtMostEvery = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<Kept>> _kept = [];

    public void Add(string stackId, StackActivity told)
    {
        lock (_lock)
        {
            if (!_kept.TryGetValue(stackId, out var samples))
            {
                _kept[stackId] = samples = [];
            }
            if (samples.Count > 0 && told.ToldAt - samples[^1].At < AtMostEvery)
            {
                return;
            }
            if (samples.Count == Most)
            {
                samples.RemoveAt(0);
            }
            samples.Add(new Kept(told));
        }
    }

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<ActivitySample> Of(string stackId)
    {
        lock (_lock)
        {
            return _kept.TryGetValue(stackId, out var samples) ? [.. samples.Select(sample => sample.Show())] : [];
        }
    }

    /// <summary>Forgets stacks that told nothing since.</summary>
    public void ForgetBefore(DateTimeOffset moment)
    {
        lock (_lock)
        {
            foreach (var (id, _) in _kept.Where(stack => stack.Value[^1].At < moment).ToList())
            {
                _kept.Remove(id);
            }
        }
    }

    /// <summary>16 bytes: ten thousand stacks have two million of them.</summary>
    private readonly struct Kept(StackActivity told)
    {
        private readonly long _at = told.ToldAt.ToUnixTimeMilliseconds();
        private readonly int _megabytes = told.MemoryBytes is { } bytes ? (int)Math.Clamp(bytes >> 20, 0, int.MaxValue) : -1;
        private readonly int _atWork = told.SessionsAtWork;

        public DateTimeOffset At => DateTimeOffset.FromUnixTimeMilliseconds(_at);

        public ActivitySample Show() => new(At, _megabytes < 0 ? null : _megabytes, _atWork);
    }
}
