using System.Security.Claims;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Web.Components.Deploy;
using AiStackDeployer.Web.Components.Parts;
using AiStackDeployer.Web.Presentation;
using AiStackDeployer.Web.Resources;
using Microsoft.Extensions.Localization;
using MudBlazor;

namespace AiStackDeployer.Web.Components.Stacks;

/// <summary>A press that begins an operation on a stack, wherever the button is: asks before what interrupts, and says what came of it.</summary>
internal sealed class OperationPress(
    StackActions actions, IDialogService dialogs, ISnackbar messages, IStackGates gates, ActivityText activity, IStringLocalizer<PageTexts> texts)
{
    /// <returns>Where the operation's page is; null when nothing was begun here.</returns>
    public async Task<string?> BeginAsync(ClaimsPrincipal user, StackRow row, Operation operation)
    {
        if (operation.NeedsEnvironment)
        {
            await EnvironmentDialog.AskAsync(dialogs, row);
            return null;
        }
        if (!await IsSureAsync(row, operation))
        {
            return null;
        }
        var outcome = await actions.BeginAsync(user, row.DeploymentId, operation);
        Say(outcome, texts[$"op-{operation.Name}-running", row.Stack.Name]);
        return outcome.GoTo;
    }

    private void Say(ActionOutcome outcome, string done) =>
        messages.Add(outcome.Say is { } say ? texts[say] : done, outcome.Say is null ? Severity.Normal : Severity.Warning);

    private async Task<bool> IsSureAsync(StackRow row, Operation operation) =>
        texts[$"op-{operation.Name}-ask", row.Stack.Name] is not { ResourceNotFound: false } question
        || await Confirm.AskAsync(
            dialogs, question, texts[$"op-{operation.Name}-ask-text"], texts[StackMenu.WordKey(operation, row.Stack.State)], texts["act-no"],
            activity.IsAgentAtWork(gates.LastTold(row.Stack.Id)) ? texts["act-agent"].Value : null);
}
