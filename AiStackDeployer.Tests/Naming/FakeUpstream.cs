using AiStackDeployer.Core.Naming;

namespace AiStackDeployer.Tests.Naming;

/// <summary>An upstream that answers at once, except while a test keeps it waiting.</summary>
internal sealed class FakeUpstream : IUpstreamNames
{
    private PendingCall? _pending;
    private int _calls;

    /// <summary>Names of stacks whose projects exist.</summary>
    public HashSet<string> Taken { get; } = [];

    public bool IsDown { get; set; }

    public bool IsRefusing { get; set; }

    public int Calls => _calls;

    /// <summary>The next call waits until the test answers it.</summary>
    public PendingCall Pend() => _pending = new PendingCall();

    public async Task<UpstreamNames> ListAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _calls);
        if (Interlocked.Exchange(ref _pending, null) is { } call)
        {
            await call.WaitAsync(cancellationToken);
        }
        return IsDown || IsRefusing
            ? UpstreamNames.Unreachable with { IsRefused = IsRefusing }
            : new UpstreamNames(Taken.Select(name => StackName.FromStored(name).ProjectName).ToHashSet(StringComparer.OrdinalIgnoreCase));
    }

    internal sealed class PendingCall
    {
        private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Done when the call has come in.</summary>
        public Task Arrived => _arrived.Task.WaitAsync(TestContext.Current.CancellationToken);

        /// <summary>Where the call was made, once it has arrived.</summary>
        public SynchronizationContext? Context { get; private set; }

        public void Answer() => _answer.SetResult();

        public void Throw(Exception defect) => _answer.SetException(defect);

        public Task WaitAsync(CancellationToken cancellationToken)
        {
            Context = SynchronizationContext.Current;
            _arrived.SetResult();
            return _answer.Task.WaitAsync(cancellationToken);
        }
    }
}
