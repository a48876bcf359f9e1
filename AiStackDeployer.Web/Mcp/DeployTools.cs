using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AiStackDeployer.Core;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Naming;
using AiStackDeployer.Core.People;
using AiStackDeployer.Web.Presentation;
using AiStackDeployer.Web.Security;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AiStackDeployer.Web.Mcp;

internal sealed class DeployTools(
    StackActs acts, McpCaller caller, Ids ids, NameText names, DeploymentText text, CareText care)
{
    public const string ToolName = "deploy_stack";

    private const int LongestKey = 200;

    [McpServerTool(
        Name = ToolName, Title = "Deploy a stack", ReadOnly = false, Destructive = false, Idempotent = false, OpenWorld = true,
        UseStructuredContent = true, OutputSchemaType = typeof(DeployToolResult))]
    [Description("Begins making a stack and returns at once with its credentials; show them to the user.")]
    public async Task<CallToolResult> DeployAsync(
        RequestContext<CallToolRequestParams> request,
        [Description(Words.Name)] [MaxLength(Words.LongestName)] string name,
        CancellationToken cancellationToken,
        [Description("Your name for this call; the same again = same deployment")] [MinLength(1)] [MaxLength(LongestKey)]
        string? idempotency_key = null,
        [Description("Id of this name's failed deployment, to try it again")] [MaxLength(Words.LongestId)] string? retry_of = null)
    {
        if (retry_of is not null)
        {
            return await RetryAsync(request, retry_of, name, cancellationToken);
        }
        var wish = new StartRequest
        {
            Name = name, OwnerId = McpCaller.Of(request).PersonId(), RequestId = idempotency_key is null ? ids.NewRequestId() : RequestKey.OfStart(idempotency_key),
            Allowance = caller.AllowanceOf(request),
        };
        return await acts.StartAsync(caller.ActorOf(request), wish, cancellationToken) switch
        {
            BeginResult.Started started => await StartedAsync(started, request, cancellationToken),
            BeginResult.Refusal refused => Refused(refused),
            var other => throw new InvalidOperationException($"Unknown result {other.GetType().Name}."),
        };
    }

    /// <summary>The new deployment belongs to the owner of the old one, whoever asks; only the owner is told the password.</summary>
    private async Task<CallToolResult> RetryAsync(
        RequestContext<CallToolRequestParams> request, string retryOf, string name, CancellationToken cancellationToken)
    {
        var actor = caller.ActorOf(request);
        if (await acts.FindAsync(actor, AuditActions.Retry, retryOf, cancellationToken) is not { } before)
        {
            return Reply.UnknownDeployment();
        }
        if (!before.Operation.MakesStack)
        {
            return Reply.Refused("retry-of-deletion", "retry_of is a deletion; deploy_stack deletes nothing.", "Call delete_stack again.");
        }
        if (TypedName.From(name).Text != before.Name)
        {
            return Reply.Refused(
                "retry-name-differs", $"retry_of is a deployment of the stack {before.Name}.", "Give its name, or leave out retry_of for a new stack.");
        }
        // A later try of the stack is what the answer below leads to.
        if (!before.MayBeRetried() && !before.HasLaterTry())
        {
            return Reply.Refused(
                new Refusal("retry-not-needed", "It did not fail, or its stack is deleted since.", StateText.Next(before)) { DeploymentId = before.Id });
        }
        // A person's second try of one deployment is the first again, so that a lost answer is found by asking again.
        var requestId = $"retry:{before.Id}:{McpCaller.Of(request).PersonId()}";
        return await acts.RetryAsync(actor, before, requestId, caller.AllowanceOf(request), cancellationToken) switch
        {
            BeginResult.NotFound => Reply.UnknownDeployment(),
            BeginResult.Started started => await StartedAsync(started, request, cancellationToken),
            BeginResult.NameYours there => Reply.Refused(
                new Refusal("retry-not-needed", "The stack has a later deployment.", $"Call check_deployment_status for {there.DeploymentId}.")
                {
                    DeploymentId = there.DeploymentId,
                }),
            BeginResult.Refusal refusal => Refused(refusal),
            var other => throw new InvalidOperationException($"Unknown result {other.GetType().Name}."),
        };
    }

    private async Task<CallToolResult> StartedAsync(
        BeginResult.Started started, RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken)
    {
        var deployment = started.Deployment;
        var credentials = await acts.FindCredentialsAsync(caller.ActorOf(request), deployment, cancellationToken);
        return Reply.Of(new DeployToolResult
        {
            DeploymentId = deployment.Id,
            Name = deployment.Name,
            Url = deployment.Url,
            Credentials = credentials is null ? null : new CredentialsToolResult(credentials.UserName, credentials.Password),
            Message = text.CurrentStep(deployment),
            Next = StateText.Next(deployment),
        });
    }

    private CallToolResult Refused(BeginResult.Refusal refusal) => refusal switch
    {
        BeginResult.NameRefused refused => Reply.Refused(
            new Refusal(refused.Verdict.Faults[0].ToCode(), names.Sentence(refused.Verdict), "Choose another name.")
            {
                Suggestions = refused.Verdict.LegalForm is { } legal ? [legal.Value] : null,
            }),
        BeginResult.NameYours yours => Reply.Refused(
            new Refusal("name-taken-by-you", names.TakenByYou, "Call check_deployment_status.") { DeploymentId = yours.DeploymentId }),
        BeginResult.NameTaken { BeingChosen: var chosen } taken => Reply.Refused(
            new Refusal(
                chosen ? "name-being-chosen" : "name-taken",
                chosen ? names.BeingChosen : names.TakenByOther,
                taken.Suggestions.Count > 0 ? "Ask the user, then deploy_stack with one of suggestions." : "Choose another name.")
            {
                Suggestions = [.. taken.Suggestions.Select(s => s.Value)],
            }),
        BeginResult.RequestIdReused => Reply.Refused(
            "idempotency-key-reused", "This idempotency_key was used for another name.", "Use another one for a new stack."),
        BeginResult.NotNow gone => Reply.Refused(
            new Refusal(
                "retry-not-needed", "Its stack is deleted since, or has to be deleted first.", $"Call check_deployment_status for {gone.DeploymentId}.")
            {
                DeploymentId = gone.DeploymentId,
            }),
        BeginResult.QuotaReached { Limit: var limit } => Reply.Refused(
            "quota-reached", $"{limit} of {limit} stacks are in use.",
            "Ask the user whether to delete one (delete_stack) or to ask an administrator for more."),
        BeginResult.TooMany { Wait: var wait } => Reply.TooMany(wait),
        BeginResult.UnderMaintenance held => Reply.UnderMaintenance(care.Maintenance(held), care.SecondsUntil(held.Until)),
        BeginResult.NotAllowed => Reply.NeedsScope(Scopes.Deploy),
        BeginResult.StorageUnavailable => Reply.StorageUnavailable(),
        _ => throw new InvalidOperationException($"Unknown result {refusal.GetType().Name}."),
    };
}
