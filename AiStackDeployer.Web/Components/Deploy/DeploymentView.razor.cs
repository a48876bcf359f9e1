using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Web.Presentation;
using AiStackDeployer.Web.Security;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;

namespace AiStackDeployer.Web.Components.Deploy;

/// <summary>
/// One deployment, live: a pure projection of the feed. Whoever opens it, whenever and however often, sees the true state; closing
/// it ends the watching and nothing else.
/// </summary>
public sealed partial class DeploymentView
{
    public const int LinesKept = 200;

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _leaving = new();
    private readonly LogRing _log = new(LinesKept);
    private readonly SmoothProgress _progress = new();
    private string _retryRequestId = "";
    private Task _watching = Task.CompletedTask;
    private Task _ticking = Task.CompletedTask;
    private DeploymentSnapshot? _snapshot;
    private DeploymentRights _rights = DeploymentRights.None;
    private readonly Announcer _announcer = new();
    private ElementReference _heading;
    private NotifyOffer? _notify;
    private string? _icon;
    private string? _title;
    private string? _said;
    private bool _isUnknown;
    private bool _isInterrupted;
    private bool _isBusy;

    /// <summary>Of one component's life; another deployment gets another component (<c>@key</c>).</summary>
    [Parameter, EditorRequired]
    public required string DeploymentId { get; set; }

    /// <summary>It completed while it was looked at.</summary>
    [Parameter]
    public EventCallback OnCompleted { get; set; }

    [CascadingParameter]
    private Task<AuthenticationState>? Authentication { get; set; }

    /// <summary>Amber once it takes longer than nineteen of twenty did.</summary>
    private Tone Tone => _snapshot switch
    {
        null => Tone.Quiet,
        { } s when DeploymentText.ToneOf(s) is Tone.Working && (Words.IsSlow(s) || Words.IsHeldUp(s)) => Tone.Waiting,
        { } s => DeploymentText.ToneOf(s),
    };

    protected override void OnInitialized()
    {
        _retryRequestId = Ids.NewRequestId();
        _watching = WatchAsync(_leaving.Token);
        _ticking = TickAsync(_leaving.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _leaving.CancelAsync();
        await Task.WhenAll(_watching, _ticking).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _leaving.Dispose();
    }

    private async Task WatchAsync(CancellationToken left)
    {
        while (!left.IsCancellationRequested)
        {
            try
            {
                await FollowAsync(left);
                return;
            }
            catch (OperationCanceledException) when (left.IsCancellationRequested)
            {
                return;
            }
            catch (StorageUnavailableException e)
            {
                // What is on the screen stays; the deployment does not depend on us reading it.
                Log.WatchInterrupted(e, DeploymentId);
                var pause = Task.Delay(LookAgain, Time, left);
                await ShowAsync(() => _isInterrupted = true);
                await pause.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception e)
            {
                await DispatchExceptionAsync(e);
                return;
            }
        }
    }

    private async Task FollowAsync(CancellationToken left)
    {
        if (await Deployments.FindAsync(DeploymentId, left) is not { } found || !await MayViewAsync(found))
        {
            await ShowAsync(() => _isUnknown = true);
            return;
        }
        var before = await Deployments.ReadLastLogAsync(DeploymentId, LinesKept, left);
        _log.Add(before);
        await foreach (var update in Feed.WatchStackAsync(DeploymentId, _log.Version, left))
        {
            var rights = await DeploymentRights.ReadAsync(Authorization, await Authentication.UserAsync(), update.Snapshot);
            if (!rights.View)
            {
                // Handed over, or signed out.
                await ShowAsync(() => (_snapshot, _isUnknown) = (null, true));
                return;
            }
            // The offer goes with the end it was made for.
            var (offer, wasUnderWay) = (_notify, _snapshot is { IsTerminal: false });
            await ShowAsync(() => Take(update, rights));
            if (wasUnderWay && update.Snapshot.Phase == DeploymentPhase.Completed)
            {
                await InvokeAsync(OnCompleted.InvokeAsync);
            }
            if (wasUnderWay && update.Snapshot.IsTerminal && offer is { IsTaken: true })
            {
                await Tab.NotifyAsync($"{Text.Chip(update.Snapshot).Word} · {update.Snapshot.Name}", DeploymentId, left);
            }
        }
        await ShowAsync(() => _isUnknown = _snapshot is null);
    }

    private void Take(DeploymentUpdate update, DeploymentRights rights)
    {
        _isInterrupted = false;
        var wasThere = _snapshot is not null;
        // What a press said is of the phase it was made in.
        _said = update.Snapshot.Phase == _snapshot?.Phase ? _said : null;
        _snapshot = update.Snapshot;
        _rights = rights;
        _log.Add(update.Events);
        _announcer.Tell(wasThere ? Words.Announcement(_snapshot, _rights.Credentials) : Heading(_snapshot), Time.GetUtcNow());
    }

    private async Task TickAsync(CancellationToken left)
    {
        using var timer = new PeriodicTimer(Tick, Time);
        try
        {
            do
            {
                await ShowAsync(() => _announcer.Look(Time.GetUtcNow()));
            }
            while ((_snapshot is not { IsTerminal: true } || _announcer.IsWaiting) && !_isUnknown && await timer.WaitForNextTickAsync(left));
        }
        catch (OperationCanceledException) when (left.IsCancellationRequested)
        {
        }
    }

    /// <summary>The tab's title and icon follow what is shown.</summary>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_snapshot is not { } now)
        {
            return;
        }
        var title = now.Phase is DeploymentPhase.Running
            ? T["dep-title", _progress.Percent, now.Name].Value
            : $"{Text.Chip(now).Word} · {now.Name}";
        if (title != _title)
        {
            _title = title;
            await Tab.SetTitleAsync(title, _leaving.Token);
        }
        var icon = Assets[Tone.ToTabIcon()];
        if (icon != _icon)
        {
            var isFirst = _icon is null;
            _icon = icon;
            await Tab.SetIconAsync(icon, _leaving.Token);
            if (isFirst)
            {
                // The page was navigated to before this heading stood.
                await Tab.FocusIfNothingIsAsync(_heading, _leaving.Token);
            }
        }
    }

    private Task ShowAsync(Action change) => InvokeAsync(() =>
    {
        change();
        StateHasChanged();
    });

    private async Task CancelAsync()
    {
        if (_snapshot is { } now)
        {
            _said = (await Actions.CancelAsync(await Authentication.UserAsync(), now)).Say;
        }
    }

    private async Task RetryAsync()
    {
        if (_snapshot is not { } now || _isBusy)
        {
            return;
        }
        _isBusy = true;
        var outcome = await Actions.RetryAsync(await Authentication.UserAsync(), now, _retryRequestId);
        _isBusy = false;
        _said = outcome.GoTo is null ? outcome.Say : null;
        if (outcome.GoTo is { } path && !_leaving.IsCancellationRequested)
        {
            Navigation.NavigateTo(path);
        }
    }

    private async Task<bool> MayViewAsync(DeploymentSnapshot snapshot) =>
        await DeploymentRights.MayAsync(Authorization, await Authentication.UserAsync(), snapshot, Policies.ViewDeployment);

    private bool MayRetry(DeploymentSnapshot now) => _rights.Retry && now.MayBeRetried();

    private bool MayCancel(DeploymentSnapshot now) => _rights.Cancel && !now.CancelRequested && now.Operation.MayBeCancelledIn(now.Phase);

    /// <summary>A deletion that failed offers to go on with it instead.</summary>
    private bool MayDelete(DeploymentSnapshot now) => _rights.Delete && now is { StackMayBeDeleted: true, Operation.RemovesStack: false };

    private double? BarOf(DeploymentSnapshot now) => now.Phase switch
    {
        DeploymentPhase.Completed when now.StackDeletedAt is not null => null,
        DeploymentPhase.Running or DeploymentPhase.Completed => _progress.Show(now, Time.GetUtcNow()),
        _ => null,
    };

    private string Heading(DeploymentSnapshot now) => Words.Heading(now, _rights.Credentials);

    private static string Short(string traceId) => traceId.Length <= 8 ? traceId : $"{traceId[..4]}…{traceId[^4..]}";
}
