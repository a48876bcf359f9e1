using Microsoft.Extensions.Logging;

namespace AiStackDeployer.Core.Naming;

/// <summary>
/// Keeps one form's hold on a name: asks for names, renews the hold of the one that was granted, and lets go of it for
/// another name or when the form is gone. One for each form; dispose it with the form.
/// </summary>
/// <param name="onChanged">
/// Called on no particular thread when a renewal changed the answer for the name held: a new end of the hold, or that it
/// was lost to somebody else. Not called for what <see cref="CheckAsync"/> itself answers.
/// </param>
public sealed partial class NameHoldKeeper(
    NameAvailabilityService availability,
    INameRegister register,
    NameHolder holder,
    TimeProvider time,
    NamingOptions options,
    Func<NameAvailability, Task> onChanged,
    ILogger<NameHoldKeeper> log) : IAsyncDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private readonly CancellationTokenSource _leaving = new();
    private NameAvailability? _granted;
    private bool _mayHold;
    private Task _renewing = Task.CompletedTask;
    private bool _isLeft;

    /// <summary>
    /// Answers for a typed text and holds the name when it may be tried; any other name is let go. To be asked through
    /// a <see cref="LatestQuestion{TQuestion,TAnswer}"/>, which is to be disposed before the keeper.
    /// </summary>
    public async Task<NameAvailability> CheckAsync(string? typed, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            ObjectDisposedException.ThrowIf(_isLeft, this);
            var heldBefore = _mayHold;

            // A question cancelled on the way may have taken a hold whose answer never came back.
            _mayHold = true;
            var answer = await availability.CheckAndHoldAsync(typed, holder, cancellationToken);
            await SettleAsync(answer, heldBefore, cancellationToken);
            if (_granted is not null && _renewing.IsCompleted)
            {
                _renewing = RenewAsync(_leaving.Token);
            }

            return answer;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>
    /// Stops renewing without letting go: a submit is on its way, and its claim takes the place of the hold. The next
    /// <see cref="CheckAsync"/> starts over.
    /// </summary>
    public async Task HandOverAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        _granted = null;
        _turn.Release();
    }

    /// <summary>Lets go of the name at once, as when the connection is lost. The next <see cref="CheckAsync"/> starts over.</summary>
    public async Task LetGoAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            _granted = null;
            if (_mayHold)
            {
                await register.ReleaseAsync(holder.HolderId, cancellationToken);
                _mayHold = false;
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Stops renewing, waits until nothing runs any more, and lets go of the name.</summary>
    public async ValueTask DisposeAsync()
    {
        _isLeft = true;
        await _leaving.CancelAsync();
        await _renewing;
        try
        {
            await LetGoAsync(CancellationToken.None);
        }
        catch (Exception fault)
        {
            // Not worth failing the teardown of a page: the hold ends by itself.
            LogNotReleased(fault);
        }
    }

    /// <summary>Remembers what the answer grants, and lets go of an earlier name when it grants nothing.</summary>
    private async Task SettleAsync(NameAvailability answer, bool heldBefore, CancellationToken cancellationToken)
    {
        _granted = HoldOf(answer) is null ? null : answer;
        if (_granted is null && heldBefore)
        {
            await register.ReleaseAsync(holder.HolderId, cancellationToken);
        }

        _mayHold = _granted is not null;
    }

    private async Task RenewAsync(CancellationToken left)
    {
        using var timer = new PeriodicTimer(options.RenewEvery, time);
        try
        {
            while (await timer.WaitForNextTickAsync(left))
            {
                await RenewOnceAsync(left);
            }
        }
        catch (OperationCanceledException) when (left.IsCancellationRequested)
        {
        }
    }

    private async Task RenewOnceAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await AskAgainAsync(cancellationToken) is { } changed)
            {
                await onChanged(changed);
            }
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            // The hold has time for another try or two before it ends.
            LogNotRenewed(fault);
        }
    }

    /// <summary>The answer after renewing; null when there is nothing to renew.</summary>
    private async Task<NameAvailability?> AskAgainAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var answer = _granted switch
            {
                NameAvailability.Available available => await ProlongAsync(available, cancellationToken),
                NameAvailability.UpstreamUnreachable unreachable =>
                    await availability.CheckAndHoldAsync(unreachable.Name.Value, holder, cancellationToken),
                _ => null,
            };
            if (answer is not null)
            {
                await SettleAsync(answer, heldBefore: true, cancellationToken);
            }

            return answer;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>A name known to be free upstream only needs its lease prolonged; why it could not be is worth a full question.</summary>
    private async Task<NameAvailability> ProlongAsync(NameAvailability.Available available, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var result = await register.TryHoldAsync(available.Name, holder, now, now + options.HoldLength, cancellationToken);
        return result is HoldResult.Held held
            ? available with { Hold = new NameHold(holder.HolderId, holder.OwnerId, held.Until) }
            : await availability.CheckAndHoldAsync(available.Name.Value, holder, cancellationToken);
    }

    private static NameHold? HoldOf(NameAvailability answer) => answer switch
    {
        NameAvailability.Available available => available.Hold,
        NameAvailability.UpstreamUnreachable unreachable => unreachable.Hold,
        _ => null,
    };

    [LoggerMessage(LogLevel.Warning, "A name hold could not be renewed or its page could not be notified; retrying")]
    private partial void LogNotRenewed(Exception fault);

    [LoggerMessage(LogLevel.Warning, "A name hold could not be released; it will expire")]
    private partial void LogNotReleased(Exception fault);
}
