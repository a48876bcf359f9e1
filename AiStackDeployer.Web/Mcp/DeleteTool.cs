using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AiStackDeployer.Core;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Naming;
using AiStackDeployer.Web.Presentation;
using AiStackDeployer.Web.Security;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AiStackDeployer.Web.Mcp;

internal sealed class DeleteTool(
    DeploymentService deployments, NameRules rules, NameText names, StateText state, McpCaller caller, Ids ids)
{
    public const string ToolName = "delete_stack";

    [McpServerTool(
        // The name is looked up at each call: once it is free again, the same call may meet somebody else's stack.
        Name = ToolName, Title = "Delete a stack", ReadOnly = false, Destructive = true, Idempotent = false, OpenWorld = true,
        UseStructuredContent = true, OutputSchemaType = typeof(StateToolResult))]
    [Description("Deletes a stack and frees its name, for good. Ask the user first. Returns a deletion to wait for.")]
    public async Task<CallToolResult> DeleteAsync(
        RequestContext<CallToolRequestParams> request,
        [MaxLength(Words.LongestName)] string name,
        [Description("The name again, to confirm")] [MaxLength(Words.LongestName)] string confirm_name,
        CancellationToken cancellationToken)
    {
        if (rules.Check(name) is { IsValid: false, IsOnlyReserved: false } verdict)
        {
            return Reply.Refused(verdict.Faults[0].ToCode(), names.Sentence(verdict), "Call list_deployments to find names.");
        }
        if (await deployments.FindStackByNameAsync(TypedName.From(name).Text, cancellationToken) is not { } stack
            || await deployments.FindAsync(stack.DeploymentId, cancellationToken) is not { } last)
        {
            return Gone();
        }
        if (!await caller.MayAsync(caller.Of(request), last, Policies.DeleteStack, Policies.AdministerDeployments))
        {
            return Reply.Refused("not-allowed", "You may not delete this stack.", "Ask its owner.");
        }
        // Accepted or not, but never half: a caller who goes away now must not leave it open which.
        var result = await deployments.BeginAsync(
            new OperationRequest { Operation = OperationCatalog.Delete, StackId = stack.Stack.Id, ConfirmName = TypedName.From(confirm_name).Text, RequestId = ids.NewRequestId() }, CancellationToken.None);
        return result switch
        {
            BeginResult.Started started => Reply.Of(state.Of(started.Deployment)),
            BeginResult.ConfirmationDiffers => Reply.Refused(
                "confirmation-differs", "confirm_name is not the name of the stack. Nothing was deleted.", "Ask the user; then give name twice."),
            BeginResult.NotNow busy => Reply.Refused(
                new Refusal("stack-busy", "The stack is being made right now.", "Call cancel_deployment or wait_for_deployment first.")
                {
                    DeploymentId = busy.DeploymentId,
                }),
            BeginResult.NotFound => Gone(),
            BeginResult.StorageUnavailable => Reply.StorageUnavailable(),
            // RequestIdReused: the id is new at each call.
            _ => throw new InvalidOperationException($"Unexpected result {result.GetType().Name}."),
        };
    }

    private static CallToolResult Gone() => Reply.Refused("stack-not-found", "No stack has this name now.", "Call list_deployments to find names.");
}
