using AiStackDeployer.Tests.TestKit;
using Xunit.Sdk;

namespace AiStackDeployer.Tests.Kills;

/// <summary>One portal that is started again as often as it dies.</summary>
internal sealed class Replica(PortalHome home) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private volatile TaskCompletionSource _up = NewUp();
    private Task _living = Task.CompletedTask;
    private bool _isKilledFromOutside;

    /// <summary>Completes when it listens; another one for each life.</summary>
    public Task Up => _up.Task;

    public Uri Root => home.Root;

    /// <summary>What the current life has written, or the last one.</summary>
    public string Output => home.Process.Output;

    /// <param name="nextOrders">Asked before each life.</param>
    /// <param name="died">Told of each death with where it was, null = from outside.</param>
    public void Live(Func<IEnumerable<KillOrder>> nextOrders, Action<string?> died) => _living = LiveAsync(nextOrders, died);

    /// <summary>Completes only when something went wrong: a portal that ended without having been killed.</summary>
    public Task Living => _living;

    public void Tell(IEnumerable<KillOrder> orders)
    {
        if (Up.IsCompleted)
        {
            home.Process.Tell(KillOrder.Join(orders));
        }
    }

    public async Task KillAsync()
    {
        _isKilledFromOutside = true;
        await home.Process.KillAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAny(_living);
        _stopping.Dispose();
        await home.DisposeAsync();
    }

    private async Task LiveAsync(Func<IEnumerable<KillOrder>> nextOrders, Action<string?> died)
    {
        while (true)
        {
            var process = await home.LaunchAsync(KillOrder.Join(nextOrders()));
            if (await process.FindLineAsync("Now listening on", _stopping.Token) is not null)
            {
                _up.SetResult();
            }
            await process.EndAsync(_stopping.Token);
            if (_up.Task.IsCompleted)
            {
                _up = NewUp();
            }
            var killedAt = process.Output.Split('\n').LastOrDefault(line => line.StartsWith(KillOrder.Killed, StringComparison.Ordinal));
            if (killedAt is null && !_isKilledFromOutside)
            {
                throw new XunitException($"The portal ended by itself with {process.ExitCode}:\n{process.Output}");
            }
            _isKilledFromOutside = false;
            died(killedAt?[(KillOrder.Killed.Length + 1)..]);
        }
    }

    private static TaskCompletionSource NewUp() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
