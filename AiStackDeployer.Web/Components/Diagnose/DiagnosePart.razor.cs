using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Diagnoses;
using AiStackDeployer.Web.Components.Deploy;
using AiStackDeployer.Web.Components.Stacks;
using AiStackDeployer.Web.Presentation;
using AiStackDeployer.Web.Security;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using MudBlazor;

namespace AiStackDeployer.Web.Components.Diagnose;

/// <summary>One look at a stack, as often as somebody presses. A press on a cure ends it: what was found is history then.</summary>
public sealed partial class DiagnosePart
{
    private static readonly int Sources = Enum.GetValues<EvidenceSource>().Length - 1;

    private readonly CancellationTokenSource _leaving = new();
    private string _retryRequestId = "";
    private Shown? _shown;
    private string? _trouble;
    private bool _isAsking;
    private bool _isBusy;

    [Parameter, EditorRequired]
    public required string Name { get; set; }

    /// <summary>With every layer and all evidence, for whoever has to find the cause; else what is wrong and what to press.</summary>
    [Parameter]
    public bool IsWhole { get; set; }

    /// <summary>Goes to the page of what a press begins; else it is seen where it was pressed.</summary>
    [Parameter]
    public bool Follows { get; set; }

    [CascadingParameter]
    private Task<AuthenticationState>? Authentication { get; set; }

    public static string BundleOf(string name) => $"api/stacks/{Uri.EscapeDataString(name)}/support-bundle";

    public void Dispose()
    {
        _leaving.Cancel();
        _leaving.Dispose();
    }

    private async Task AskAsync()
    {
        if (_isAsking)
        {
            return;
        }
        (_isAsking, _trouble, _retryRequestId) = (true, null, Ids.NewRequestId());
        try
        {
            var user = await Authentication.UserAsync();
            if (await Visible.FindStackAsync(user, Name, _leaving.Token) is not var (row, last) || await StackRights.ReadAsync(Visible, user, last) is not { } rights)
            {
                (_shown, _trouble) = (null, Pages["del-gone"]);
                return;
            }
            await foreach (var diagnosis in Diagnoses.WatchAsync(row, last, _leaving.Token))
            {
                _shown = new Shown(row, last, rights, diagnosis);
                StateHasChanged();
            }
        }
        catch (OperationCanceledException) when (_leaving.IsCancellationRequested)
        {
        }
        catch (StorageUnavailableException e)
        {
            Log.ListUnavailable(e);
            _trouble = Pages["storage-trouble"];
        }
        finally
        {
            _isAsking = false;
        }
    }

    private CureAct? ActOf(Finding? finding) =>
        _shown is { Rights: { IsOwn: true } or { MayAdminister: true } } shown ? finding?.ActOf(shown.Row, shown.Last) : null;

    private string WordOf(CureAct act) => act switch
    {
        CureAct.Begin begin => Pages[StackMenu.WordKey(begin.Operation, _shown!.Row.Stack.State)],
        _ => Pages[ViewText.RetryKey(_shown!.Last.Operation)],
    };

    private async Task PressAsync(CureAct act)
    {
        if (_isBusy || _shown is not { } shown)
        {
            return;
        }
        _isBusy = true;
        var user = await Authentication.UserAsync();
        string? begun;
        if (act is CureAct.Begin begin)
        {
            begun = await Presses.BeginAsync(user, shown.Row, begin.Operation);
        }
        else
        {
            var outcome = await Actions.RetryAsync(user, shown.Last, _retryRequestId);
            if (outcome.Say is { } say)
            {
                Messages.Add(Pages[say], Severity.Warning);
            }
            begun = outcome.GoTo;
        }
        _isBusy = false;
        if (begun is null)
        {
            return;
        }
        _shown = null;
        if (Follows)
        {
            Navigation.NavigateTo(begun);
        }
    }

    private static Tone ToneOf(StackDiagnosis diagnosis) =>
        diagnosis.Verdict != StackVerdict.AsItSays || diagnosis.Evidence.Last.Phase == DeploymentPhase.Failed ? Tone.Failed
        : diagnosis.Evidence.IsWell ? Tone.Ready : Tone.Quiet;

    private static Tone ToneOf(PathState state) => state switch
    {
        PathState.Good => Tone.Ready,
        PathState.Broken => Tone.Failed,
        _ => Tone.Quiet,
    };

    private sealed record Shown(StackRow Row, DeploymentSnapshot Last, StackRights Rights, StackDiagnosis Diagnosis);
}
