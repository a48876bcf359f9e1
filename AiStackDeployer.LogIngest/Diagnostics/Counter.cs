using System.Collections.Concurrent;

namespace AiStackDeployer.LogIngest.Diagnostics;

/// <summary>A counter with one label. Known values begin at zero, so that a rate sees the first increase.</summary>
internal sealed class Counter
{
    private readonly ConcurrentDictionary<string, long> _values = new();

    public Counter(params IEnumerable<string> known)
    {
        foreach (var value in known)
        {
            _values[value] = 0;
        }
    }

    public IEnumerable<KeyValuePair<string, long>> Values => _values.OrderBy(v => v.Key, StringComparer.Ordinal);

    public long this[string label] => _values.GetValueOrDefault(label);

    public void Add(string label, long count = 1) => _values.AddOrUpdate(label, static (_, by) => by, static (_, value, by) => value + by, count);
}
