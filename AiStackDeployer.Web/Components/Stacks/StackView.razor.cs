using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Web.Components.Deploy;
using AiStackDeployer.Web.Presentation;
using AiStackDeployer.Web.Security;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;

namespace AiStackDeployer.Web.Components.Stacks;

/// <summary>One stack as its owner, or who administers, sees it: read again whenever anything changes, at most once a second.</summary>
public sealed partial class StackView
{
    private static readonly TimeSpan AtMostEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Day = TimeSpan.FromHours(24);

    /// <summary>The strip and the charts grow without any news.</summary>
    private static readonly TimeSpan HistoryKept = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _leaving = new();
    private Task _watching = Task.CompletedTask;
    private Shown? _shown;
    private StackHistory? _history;
    private DateTimeOffset _from;
    private DateTimeOffset _to;
    private ElementReference _heading;
    private NotifyOffer? _notify;
    private string? _title;
    private string? _icon;
    private bool _isGone;
    private bool _wasThere;
    private bool _isInterrupted;

    /// <summary>Something was wrong while this was open: the diagnosis stands above, and stays there.</summary>
    private bool _isInTrouble;

    /// <summary>Of one component's life; another stack gets another component (<c>@key</c>).</summary>
    [Parameter, EditorRequired]
    public required string Name { get; set; }

    [CascadingParameter]
    private Task<AuthenticationState>? Authentication { get; set; }

    protected override void OnInitialized() => _watching = WatchAsync(_leaving.Token);

    public async ValueTask DisposeAsync()
    {
        await _leaving.CancelAsync();
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _leaving.Dispose();
    }

    private async Task WatchAsync(CancellationToken left)
    {
        try
        {
            await foreach (var _ in Feed.WatchAllAsync(AtMostEvery, left))
            {
                await InvokeAsync(() => LookAsync(left));
            }
        }
        catch (OperationCanceledException) when (left.IsCancellationRequested)
        {
        }
        catch (Exception e)
        {
            await DispatchExceptionAsync(e);
        }
    }

    private async Task LookAsync(CancellationToken left)
    {
        var before = (_shown, _history, _isGone, _isInterrupted);
        // The offer goes with the operation it was made for.
        var (offer, wasUnderWay) = (_notify, _shown is { Last.IsTerminal: false });
        try
        {
            var now = await ReadAsync(left);
            if (now is not null && (_history is null || !now.HasSameHistory(_shown) || Time.GetUtcNow() - _to >= HistoryKept))
            {
                var to = Time.GetUtcNow();
                var history = await Deployments.ReadHistoryAsync(now.Row, to - Day, left);
                // A strip of a stack's first minutes would be one line at the edge.
                (_history, _from, _to) = (history, now.Row.Stack.CreatedAt > to - Day ? now.Row.Stack.CreatedAt : to - Day, to);
            }
            (_shown, _isGone, _wasThere, _isInterrupted) = (now, now is null, _wasThere || now is not null, false);
            _isInTrouble |= now?.Last is { IsFailing: true } or { Phase: DeploymentPhase.Failed };
        }
        catch (StorageUnavailableException e)
        {
            // What is on the screen stays.
            Log.ListUnavailable(e);
            _isInterrupted = true;
        }
        if (before != (_shown, _history, _isGone, _isInterrupted))
        {
            StateHasChanged();
        }
        if (wasUnderWay && offer is { IsTaken: true } && _shown is { Last: { IsTerminal: true } ended })
        {
            await Tab.NotifyAsync($"{Text.OutcomeChip(ended).Word} · {ended.Name}", ended.Id, left);
        }
    }

    private async Task<Shown?> ReadAsync(CancellationToken left)
    {
        var user = await Authentication.UserAsync();
        return await Deployments.FindStackByNameAsync(Name, left) is { } row
            && await Deployments.FindAsync(row.DeploymentId, left) is { } last
            && await StackRights.ReadAsync(Visible, user, last) is { } rights
            ? new Shown(row, last, rights, await Images.ImageOfAsync(row.Stack.OwnerId, left))
            : null;
    }

    /// <summary>The tab's title and icon follow what is shown.</summary>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_shown is not var (row, last, _, _))
        {
            return;
        }
        var (word, tone) = Chip(row, last);
        if ($"{word} · {row.Stack.Name}" is var title && title != _title)
        {
            _title = title;
            await Tab.SetTitleAsync(title, _leaving.Token);
        }
        if (Assets[tone.ToTabIcon()] is var icon && icon != _icon)
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

    /// <summary>While something works on the stack its newest operation knows more, such as its place in the queue.</summary>
    private (string Word, Tone Tone) Chip(StackRow row, DeploymentSnapshot last) => last.IsTerminal ? Text.Chip(row) : Text.Chip(last);

    /// <summary>What is drawn. Two are equal when a reader sees no difference, and nothing that a press needs has changed.</summary>
    /// <param name="Image">The one it should have.</param>
    private sealed record Shown(StackRow Row, DeploymentSnapshot Last, StackRights Rights, string Image)
    {
        private (string, StackState, string?, string?, StackHealth, DateTimeOffset?, string, string, long, int?, StackRights, string, string) Facts => (
            Row.Stack.Id, Row.Stack.State, Row.Stack.Label, Row.Stack.Description, Row.Health with { SeenAt = null }, Row.Stack.RemoveAt, Row.Stack.OwnerId, Last.Id, Last.LastSequence,
            Last.QueuePosition, Rights, Row.Stack.Image, Image);

        /// <summary>Progress alone is no reason to read all operations again.</summary>
        public bool HasSameHistory(Shown? before) => before is not null
            && (Last.Id, Last.Phase, Row.Health with { SeenAt = null }) == (before.Last.Id, before.Last.Phase, before.Row.Health with { SeenAt = null });

        public bool Equals(Shown? other) => other is not null && Facts.Equals(other.Facts);

        public override int GetHashCode() => Facts.GetHashCode();
    }
}
