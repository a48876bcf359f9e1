using System.Collections.Concurrent;
using AiStackDeployer.Core.Naming;

namespace AiStackDeployer.Tests.Naming;

/// <summary>An upstream that answers at once, except for the names a test keeps waiting.</summary>
internal sealed class FakeUpstream : IUpstreamNames
{
    private readonly ConcurrentDictionary<string, PendingCall> _pending = new();
    private readonly ConcurrentQueue<string> _calls = new();

    public HashSet<string> Taken { get; } = [];

    public bool IsDown { get; set; }

    public IReadOnlyList<string> Calls => [.. _calls];

    /// <summary>The next call for the name waits until the test answers it.</summary>
    public PendingCall Pend(string name) => _pending[name] = new PendingCall();

    public async Task<UpstreamNameAnswer> LookUpAsync(StackName name, CancellationToken cancellationToken)
    {
        _calls.Enqueue(name.Value);
        if (_pending.TryRemove(name.Value, out var call))
        {
            return await call.WaitAsync(cancellationToken);
        }

        return IsDown ? UpstreamNameAnswer.Unreachable
            : Taken.Contains(name.Value) ? UpstreamNameAnswer.Taken
            : UpstreamNameAnswer.Free;
    }

    internal sealed class PendingCall
    {
        private readonly TaskCompletionSource<CancellationToken> _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource<UpstreamNameAnswer> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Done when the call has come in; gives the token it came with.</summary>
        public Task<CancellationToken> Arrived => _arrived.Task.WaitAsync(TestContext.Current.CancellationToken);

        /// <summary>Where the call was made, once it has arrived.</summary>
        public SynchronizationContext? Context { get; private set; }

        public void Answer(UpstreamNameAnswer value) => _answer.SetResult(value);

        public void Throw(Exception defect) => _answer.SetException(defect);

        /// <summary>Deaf to the token on purpose: what a caller does about a call that does not listen is what is tested.</summary>
        public Task<UpstreamNameAnswer> WaitAsync(CancellationToken cancellationToken)
        {
            Context = SynchronizationContext.Current;
            _arrived.SetResult(cancellationToken);
            return _answer.Task;
        }
    }
}
