using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using AiStackDeployer.Core;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Naming;
using AiStackDeployer.Web.Presentation;
using AiStackDeployer.Web.Security;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AiStackDeployer.Web.Mcp;

internal sealed class DeployTools(
    DeploymentService deployments, McpCaller caller, Ids ids, NameText names, DeploymentText text)
{
    public const string ToolName = "deploy_stack";

    [McpServerTool(
        Name = ToolName, Title = "Deploy a stack", ReadOnly = false, Destructive = false, Idempotent = false, OpenWorld = true,
        UseStructuredContent = true, OutputSchemaType = typeof(DeployToolResult))]
    [Description("Begins making a stack and returns at once with its credentials; show them to the user. Only the same call and key has them again.")]
    public async Task<CallToolResult> DeployAsync(
        RequestContext<CallToolRequestParams> request,
        [Description(Words.Name)] [MaxLength(Words.LongestName)] string name,
        CancellationToken cancellationToken,
        [Description("New random UUID per stack, the proof that it is yours; the same again = same deployment")]
        [MinLength(OwnerKey.Shortest)]
        [MaxLength(OwnerKey.Longest)]
        string? idempotency_key = null,
        [Description("Id of this name's failed deployment, to try it again")] [MaxLength(Words.LongestId)] string? retry_of = null)
    {
        if (idempotency_key is not null && OwnerKey.Check(idempotency_key) is { } weakness)
        {
            return Reply.Refused(weakness);
        }
        if (retry_of is not null)
        {
            return await RetryAsync(retry_of, name, caller.Of(request, idempotency_key), idempotency_key, cancellationToken);
        }
        // Without one nobody could ever prove to be the owner.
        idempotency_key ??= ids.NewOwnerKey();
        var person = caller.Of(request, idempotency_key);
        if (!await caller.MayStartAsync(person))
        {
            return Reply.Refused("not-allowed", "You may not deploy stacks.", "Ask an administrator.");
        }
        var wish = new StartRequest
        {
            Name = name, OwnerId = person.PersonId(), RequestId = RequestKey.OfStart(idempotency_key), Allowance = caller.AllowanceOf(person),
        };
        return await deployments.StartAsync(wish, cancellationToken) switch
        {
            BeginResult.Started started => await StartedAsync(started, person, idempotency_key, cancellationToken),
            BeginResult.Refusal refused => Refused(refused),
            var other => throw new InvalidOperationException($"Unknown result {other.GetType().Name}."),
        };
    }

    /// <summary>The new deployment belongs to the owner of the old one, whoever asks; only the owner is told the password.</summary>
    private async Task<CallToolResult> RetryAsync(
        string retryOf, string name, ClaimsPrincipal person, string? key, CancellationToken cancellationToken)
    {
        if (await deployments.FindAsync(retryOf, cancellationToken) is not { } before)
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
        if (!await caller.MayAsync(person, before, Policies.RetryDeployment, Policies.AdministerDeployments))
        {
            return Reply.Refused("not-allowed", "You may not try this deployment again.", "Ask its owner.");
        }
        // A later try of the stack is what the answer below leads to.
        if (!before.MayBeRetried() && !before.HasLaterTry())
        {
            return Reply.Refused(
                new Refusal("retry-not-needed", "It did not fail, or its stack is deleted since.", StateText.Next(before)) { DeploymentId = before.Id });
        }
        // A person's second try of one deployment is the first again, so that a lost answer is found by asking again.
        var requestId = $"retry:{before.Id}:{person.PersonId()}";
        return await deployments.RetryAsync(before.Id, requestId, caller.AllowanceOf(person), cancellationToken) switch
        {
            null => Reply.UnknownDeployment(),
            BeginResult.Started started => await StartedAsync(started, person, key, cancellationToken),
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
        BeginResult.Started started, ClaimsPrincipal person, string? key, CancellationToken cancellationToken)
    {
        var deployment = started.Deployment;
        var credentials = await deployments.FindCredentialsAsync(deployment.StackId, person, cancellationToken);
        var isOwner = deployment.OwnerId == person.PersonId();
        return Reply.Of(new DeployToolResult
        {
            DeploymentId = deployment.Id,
            Name = deployment.Name,
            Url = deployment.Url,
            IdempotencyKey = isOwner ? key : null,
            Credentials = credentials is null ? null : new CredentialsToolResult(credentials.UserName, credentials.Password),
            Message = text.CurrentStep(deployment),
            Next = isOwner && !started.Existing
                ? "Keep idempotency_key: it is the proof that this is yours, and with it deploy_stack tells the credentials again. " + StateText.Next(deployment)
                : StateText.Next(deployment),
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
            "idempotency-key-reused", "This idempotency_key was used for another name.", "Use a new UUID for a new stack."),
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
        BeginResult.StorageUnavailable => Reply.StorageUnavailable(),
        _ => throw new InvalidOperationException($"Unknown result {refusal.GetType().Name}."),
    };
}
