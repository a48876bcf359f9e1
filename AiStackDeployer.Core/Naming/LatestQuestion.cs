namespace AiStackDeployer.Core.Naming;

/// <summary>
/// Questions that overtake each other, as while typing: each new one cancels the one before, goes out only after a
/// quiet period, and only the answer to the latest is ever delivered. Belongs to one circuit: <see cref="Ask"/>,
/// <see cref="Withdraw"/> and <see cref="DisposeAsync"/> are called from its dispatcher.
/// </summary>
/// <param name="ask">Finds the answer; its token is cancelled when the question is no longer the latest.</param>
/// <param name="deliver">Takes the answer, on the dispatcher.</param>
/// <param name="fail">Takes what <paramref name="ask"/> or <paramref name="deliver"/> threw for the latest question, on the dispatcher.</param>
/// <param name="dispatch">
/// Runs an action on the dispatcher (<c>ComponentBase.InvokeAsync</c>). Whether a question is still the latest is
/// decided there, where no new one can come in between.
/// </param>
/// <param name="quiet">Time without a new question before one goes out.</param>
public sealed class LatestQuestion<TQuestion, TAnswer>(
    Func<TQuestion, CancellationToken, Task<TAnswer>> ask,
    Action<TQuestion, TAnswer> deliver,
    Action<Exception> fail,
    Func<Action, Task> dispatch,
    TimeSpan quiet,
    TimeProvider time) : IAsyncDisposable
{
    private CancellationTokenSource _current = new();
    private Task _all = Task.CompletedTask;
    private bool _isDisposed;

    /// <summary>Puts a question in place of the one before. After disposal nothing happens.</summary>
    public void Ask(TQuestion question)
    {
        Withdraw();
        if (_isDisposed)
        {
            return;
        }

        _current = new CancellationTokenSource();
        _all = AskAsync(question, _all, _current.Token);
    }

    /// <summary>Takes the question back: no answer will come until the next one.</summary>
    public void Withdraw() => _current.Cancel();

    /// <summary>Cancels and waits until nothing of any question is running any more.</summary>
    public async ValueTask DisposeAsync()
    {
        _isDisposed = true;
        Withdraw();
        await _all;
    }

    private async Task AskAsync(TQuestion question, Task before, CancellationToken superseded)
    {
        try
        {
            await Task.Delay(quiet, time, superseded);
            var answer = await ask(question, superseded);
            await DeliverAsync(() => deliver(question, answer), superseded);
        }
        catch (OperationCanceledException) when (superseded.IsCancellationRequested)
        {
        }
        catch (Exception fault)
        {
            await DeliverAsync(() => fail(fault), superseded);
        }

        await before;
    }

    private Task DeliverAsync(Action action, CancellationToken superseded) => dispatch(() =>
    {
        if (!superseded.IsCancellationRequested)
        {
            action();
        }
    });
}
