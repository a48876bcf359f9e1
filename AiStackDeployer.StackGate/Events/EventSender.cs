namespace AiStackDeployer.StackGate.Events;

/// <summary>Runs the forwarder. It is stopped after everything else has been, so that the last events are sent too.</summary>
internal sealed class EventSender(EventLog log) : IHostedLifecycleService, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private Task _sending = Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        _sending = log.SendAsync(_stopping.Token);
        return Task.CompletedTask;
    }

    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        // The host's own limit is the shorter one when the programs took long to end.
        await _sending.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _stopping.Dispose();
}
