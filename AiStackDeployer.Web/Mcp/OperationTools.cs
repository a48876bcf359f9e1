using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AiStackDeployer.Core;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Naming;
using AiStackDeployer.Core.People;
using AiStackDeployer.Web.Presentation;
using AiStackDeployer.Web.Security;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AiStackDeployer.Web.Mcp;

/// <summary>The operations on a stack that exists. Deleting has a tool of its own, because it is the one that destroys.</summary>
internal sealed class OperationTools(
    StackActs acts, NameRules rules, NameText names, StateText state, CareText care, McpCaller caller, Ids ids)
{
    public const string DeleteName = "delete_stack";
    public const string OperateName = "operate_stack";

    /// <summary>What <see cref="OperateName"/> can do; while this is empty there is no such tool.</summary>
    public static IReadOnlyList<Operation> Others { get; } = [.. OperationCatalog.OnLivingStacks.Where(operation => !operation.NeedsEnvironment)];

    [McpServerTool(
        // The name is looked up at each call: once it is free again, the same call may meet somebody else's stack.
        Name = DeleteName, Title = "Delete a stack", ReadOnly = false, Destructive = true, Idempotent = false, OpenWorld = true,
        UseStructuredContent = true, OutputSchemaType = typeof(StateToolResult))]
    [Description("Deletes a stack and frees its name, for good. Ask the user first.")]
    public Task<CallToolResult> DeleteAsync(
        RequestContext<CallToolRequestParams> request,
        [MaxLength(Words.LongestName)] string name,
        [Description("The name again, to confirm")] [MaxLength(Words.LongestName)] string confirm_name,
        CancellationToken cancellationToken) =>
        BeginAsync(request, OperationCatalog.Delete, name, confirm_name, cancellationToken);

    [McpServerTool(
        Name = OperateName, Title = "Operate a stack", ReadOnly = false, Destructive = false, Idempotent = false, OpenWorld = true,
        UseStructuredContent = true, OutputSchemaType = typeof(StateToolResult))]
    [Description("Begins an operation on a stack. Ask the user before work is interrupted. start takes back schedule-deletion. Returns a deployment to wait for.")]
    public Task<CallToolResult> OperateAsync(
        RequestContext<CallToolRequestParams> request,
        [MaxLength(Words.LongestName)] string name,
        [MaxLength(40)] string operation,
        CancellationToken cancellationToken) =>
        Others.FirstOrDefault(other => other.Name == operation) is { } found
            ? BeginAsync(request, found, name, null, cancellationToken)
            : Task.FromResult(Reply.Refused(
                "unknown-operation", "There is no such operation.", $"Use one of: {string.Join(", ", Others.Select(other => other.Name))}."));

    private async Task<CallToolResult> BeginAsync(
        RequestContext<CallToolRequestParams> request, Operation operation, string name, string? confirmName, CancellationToken cancellationToken)
    {
        if (rules.Check(name) is { IsValid: false, IsOnlyReserved: false } verdict)
        {
            return Reply.Refused(verdict.Faults[0].ToCode(), names.Sentence(verdict), "Call list_deployments to find names.");
        }
        var actor = caller.ActorOf(request);
        if (await acts.FindStackAsync(actor, AuditActions.Begin(operation), TypedName.From(name).Text, cancellationToken) is not var (stack, last))
        {
            return Gone();
        }
        var wanted = new OperationRequest
        {
            Operation = operation, StackId = stack.Stack.Id, ConfirmName = confirmName is null ? null : TypedName.From(confirmName).Text,
            RequestId = ids.NewRequestId(), Allowance = caller.AllowanceOf(request),
        };
        if (operation.NeedsConfirmation && wanted.ConfirmName == stack.Stack.Name.Value
            && await caller.MayAsync(request, last, Policies.For(operation), Policies.AdministerDeployments)
            && Confirmation.Ask(request, $"{operation.Name}:{stack.Stack.Id}", $"Delete the stack {stack.Stack.Name} for good?") is { } refused)
        {
            return refused;
        }
        // Accepted or not, but never half: a caller who goes away now must not leave it open which.
        return await acts.BeginAsync(actor, last, wanted, CancellationToken.None) switch
        {
            BeginResult.Started started => Reply.Of(state.Of(started.Deployment)),
            BeginResult.ConfirmationDiffers => Reply.Refused(
                "confirmation-differs", "confirm_name is not the name of the stack. Nothing was begun.", "Ask the user; then give name twice."),
            BeginResult.NotNow busy => Reply.Refused(
                new Refusal(
                    "stack-busy", "The stack is in a state in which this cannot begin; something else may be at work on it.",
                    "Call check_deployment_status for deployment_id; cancel it or wait for its end.")
                {
                    DeploymentId = busy.DeploymentId,
                }),
            BeginResult.NotFound => Gone(),
            BeginResult.TooMany { Wait: var wait } => Reply.TooMany(wait),
            BeginResult.UnderMaintenance held => Reply.UnderMaintenance(care.Maintenance(held), care.SecondsUntil(held.Until)),
            BeginResult.NotAllowed => Reply.NeedsScope(Scopes.Manage),
            BeginResult.StorageUnavailable => Reply.StorageUnavailable(),
            // RequestIdReused: the id is new at each call.
            var other => throw new InvalidOperationException($"Unexpected result {other.GetType().Name}."),
        };
    }

    private static CallToolResult Gone() => Reply.Refused("stack-not-found", "No stack has this name now.", "Call list_deployments to find names.");
}
