using AiStackDeployer.Core.Deployments;

namespace AiStackDeployer.Web.Components.Deploy;

/// <summary>The newest lines of one deployment's log, each once, in order.</summary>
public sealed class LogRing(int capacity)
{
    private readonly Queue<DeploymentEvent> _lines = new(capacity);
    private long _last;

    public IReadOnlyCollection<DeploymentEvent> Lines => _lines;

    /// <summary>Raised by every line taken, so that a component need not compare them.</summary>
    public long Version => _last;

    /// <summary>Takes what is a line and newer than the last one taken; events may come twice after an interrupted watch.</summary>
    public void Add(IEnumerable<DeploymentEvent> events)
    {
        foreach (var e in events.Where(e => e.Kind == DeploymentEventKind.Log && e.Sequence > _last))
        {
            _last = e.Sequence;
            _lines.Enqueue(e);
            if (_lines.Count > capacity)
            {
                _lines.Dequeue();
            }
        }
    }
}
