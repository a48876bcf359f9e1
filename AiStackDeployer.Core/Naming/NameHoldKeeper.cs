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
    private readonly SemaphoreSlim turn = new(1);
    private readonly CancellationTokenSource leaving = new();
    private NameAvailability? granted;
    private bool mayHold;
    private Task renewing = Task.CompletedTask;
    private bool isLeft;

    /// <summary>
    /// Answers for a typed text and holds the name when it may be tried; any other name is let go. To be asked through
    /// a <see cref="LatestQuestion{TQuestion,TAnswer}"/>, which is to be disposed before the keeper.
    /// </summary>
    public async Task<NameAvailability> CheckAsync(string? typed, CancellationToken ct)
    {
        await turn.WaitAsync(ct);
        try
        {
            ObjectDisposedException.ThrowIf(isLeft, this);
            var heldBefore = mayHold;

            // A question cancelled on the way may have taken a hold whose answer never came back.
            mayHold = true;
            var answer = await availability.CheckAndHoldAsync(typed, holder, ct);
            await SettleAsync(answer, heldBefore, ct);
            if (granted is not null && renewing.IsCompleted)
            {
                renewing = RenewAsync(leaving.Token);
            }

            return answer;
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>
    /// Stops renewing without letting go: a submit is on its way, and its claim takes the place of the hold. The next
    /// <see cref="CheckAsync"/> begins anew.
    /// </summary>
    public async Task HandOverAsync(CancellationToken ct)
    {
        await turn.WaitAsync(ct);
        granted = null;
        turn.Release();
    }

    /// <summary>Lets go of the name at once, as when the connection is lost. The next <see cref="CheckAsync"/> begins anew.</summary>
    public async Task LetGoAsync(CancellationToken ct)
    {
        await turn.WaitAsync(ct);
        try
        {
            granted = null;
            if (mayHold)
            {
                await register.ReleaseAsync(holder.HolderId, ct);
                mayHold = false;
            }
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Stops renewing, waits until nothing runs any more, and lets go of the name.</summary>
    public async ValueTask DisposeAsync()
    {
        isLeft = true;
        await leaving.CancelAsync();
        await renewing;
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
    private async Task SettleAsync(NameAvailability answer, bool heldBefore, CancellationToken ct)
    {
        granted = HoldOf(answer) is null ? null : answer;
        if (granted is null && heldBefore)
        {
            await register.ReleaseAsync(holder.HolderId, ct);
        }

        mayHold = granted is not null;
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

    private async Task RenewOnceAsync(CancellationToken ct)
    {
        try
        {
            if (await AskAgainAsync(ct) is { } changed)
            {
                await onChanged(changed);
            }
        }
        catch (Exception fault) when (!ct.IsCancellationRequested)
        {
            // The hold has time for another try or two before it ends.
            LogNotRenewed(fault);
        }
    }

    /// <summary>The answer after renewing; null when there is nothing to renew.</summary>
    private async Task<NameAvailability?> AskAgainAsync(CancellationToken ct)
    {
        await turn.WaitAsync(ct);
        try
        {
            var answer = granted switch
            {
                NameAvailability.Available available => await ProlongAsync(available, ct),
                NameAvailability.UpstreamUnreachable unreachable =>
                    await availability.CheckAndHoldAsync(unreachable.Name.Value, holder, ct),
                _ => null,
            };
            if (answer is not null)
            {
                await SettleAsync(answer, heldBefore: true, ct);
            }

            return answer;
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>A name known to be free upstream only needs its lease prolonged; why it could not be is worth a full question.</summary>
    private async Task<NameAvailability> ProlongAsync(NameAvailability.Available available, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var result = await register.TryHoldAsync(available.Name, holder, now, now + options.HoldLength, ct);
        return result is HoldResult.Held held
            ? available with { Hold = new NameHold(holder.HolderId, holder.OwnerId, held.Until) }
            : await availability.CheckAndHoldAsync(available.Name.Value, holder, ct);
    }

    private static NameHold? HoldOf(NameAvailability answer) => answer switch
    {
        NameAvailability.Available available => available.Hold,
        NameAvailability.UpstreamUnreachable unreachable => unreachable.Hold,
        _ => null,
    };

    [LoggerMessage(LogLevel.Warning, "A held name could not be renewed or its page not told; it will be tried again")]
    private partial void LogNotRenewed(Exception fault);

    [LoggerMessage(LogLevel.Warning, "A hold could not be let go; it ends by itself")]
    private partial void LogNotReleased(Exception fault);
}
