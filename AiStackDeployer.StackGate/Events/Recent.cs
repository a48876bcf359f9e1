using System.Diagnostics.CodeAnalysis;

namespace AiStackDeployer.StackGate.Events;

/// <summary>The last so many keys and what was known of them: for what comes twice, and for what is told in two events.</summary>
internal sealed class Recent<TValue>(int capacity)
{
    private readonly Dictionary<string, TValue> _values = [];
    private readonly Queue<string> _order = new();

    public int Count => _values.Count;

    public bool TryGet(string key, [MaybeNullWhen(false)] out TValue value) => _values.TryGetValue(key, out value);

    /// <summary>False when the key is known.</summary>
    public bool TryAdd(string key, TValue value)
    {
        if (!_values.TryAdd(key, value))
        {
            return false;
        }
        _order.Enqueue(key);
        if (_order.Count > capacity)
        {
            _values.Remove(_order.Dequeue());
        }
        return true;
    }

    public void Set(string key, TValue value)
    {
        if (!TryAdd(key, value))
        {
            _values[key] = value;
        }
    }
}
