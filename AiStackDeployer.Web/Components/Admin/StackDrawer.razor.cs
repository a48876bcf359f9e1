using AiStackDeployer.Core.Audit;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Web.Components.Parts;
using AiStackDeployer.Web.Security;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using MudBlazor;

namespace AiStackDeployer.Web.Components.Admin;

/// <summary>One stack's details, live while they are open.</summary>
public sealed partial class StackDrawer
{
    private const int LinesShown = 12;
    private const int ActsShown = 8;

    private static readonly TimeSpan AtMostEvery = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _leaving = new();
    private Task _watching = Task.CompletedTask;
    private StackRow? _row;
    private DeploymentSnapshot? _last;
    private DateTimeOffset? _movedAt;
    private IReadOnlyList<DeploymentEvent> _log = [];
    private IReadOnlyList<AuditEntry> _audit = [];
    private string? _ownerName;
    private bool _isGone;
    private bool _mayAct;
    private bool _mayHandOver;

    [Parameter, EditorRequired]
    public required string StackId { get; set; }

    [Parameter, EditorRequired]
    public required string Name { get; set; }

    [CascadingParameter]
    public required IMudDialogInstance Dialog { get; set; }

    [CascadingParameter]
    private Task<AuthenticationState>? Authentication { get; set; }

    /// <summary>For how long the newest operation has not moved, once that is too long.</summary>
    private TimeSpan? Stuck => _last is { IsTerminal: false } && Time.GetUtcNow() - _movedAt is { } still && still >= DeploymentService.StuckAfter ? still : null;

    /// <summary>Shows it until it is closed.</summary>
    public static async Task OpenAsync(IDialogService dialogs, string stackId, string name)
    {
        var parameters = new DialogParameters<StackDrawer> { { d => d.StackId, stackId }, { d => d.Name, name } };
        var dialog = await dialogs.ShowAsync<StackDrawer>(null, parameters, new DialogOptions { CloseButton = true, BackgroundClass = "drawer-behind" });
        await dialog.Result;
    }

    protected override async Task OnInitializedAsync()
    {
        var user = await Authentication.UserAsync();
        _mayHandOver = (await Authorization.AuthorizeAsync(user, null, Policies.ManagePeople)).Succeeded;
        _mayAct = (await Authorization.AuthorizeAsync(user, null, Policies.AdministerDeployments)).Succeeded;
        _watching = WatchAsync(_leaving.Token);
    }

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
                try
                {
                    await ReadAsync(left);
                }
                catch (StorageUnavailableException e)
                {
                    Log.ListUnavailable(e);
                }
                await InvokeAsync(StateHasChanged);
                if (_isGone)
                {
                    return;
                }
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

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        if (await Deployments.FindStacksAsync([StackId], cancellationToken) is not [var row]
            || await Deployments.FindAsync(row.DeploymentId, cancellationToken) is not { } last)
        {
            _isGone = true;
            return;
        }
        var log = await Deployments.ReadLastLogAsync(last.Id, LinesShown, cancellationToken);
        var moved = last.IsTerminal ? null : await Deployments.FindLastMoveAsync(last.Id, cancellationToken);
        var audit = await Audit.ReadAsync(new AuditQuery { Search = StackId, Take = ActsShown }, cancellationToken);
        var names = await People.NamesAsync([row.Stack.OwnerId], cancellationToken);
        (_row, _last, _log, _movedAt, _audit, _ownerName) = (row, last, log, moved, audit, names.GetValueOrDefault(row.Stack.OwnerId));
    }

    private async Task ForceEndAsync()
    {
        if (_last is not { } stuck || !await Confirm.AskAsync(Dialogs, T["drawer-reset-ask", Name], T["drawer-reset-text"], T["drawer-reset-yes"], Pages["del-no"]))
        {
            return;
        }
        try
        {
            var said = await Acts.ForceEndAsync(Actor.Of(await Authentication.UserAsync()), stuck) switch
            {
                ForceEndResult.Ended => T["drawer-reset-done", Name],
                ForceEndResult.StillMoving => T["drawer-reset-moves", Name],
                ForceEndResult.NotAllowed => Pages["admin-moved", Name, Pages["dep-not-allowed"]],
                _ => T["drawer-reset-late", Name],
            };
            Messages.Add(said, Severity.Normal);
        }
        catch (StorageUnavailableException e)
        {
            Log.ActionFailed(e, stuck.Id);
            Messages.Add(Pages["admin-moved", Name, Pages["dep-action-failed"]], Severity.Warning);
        }
    }
}
