using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Security.Claims;
using AiStackDeployer.Core;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Naming;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Web.Presentation;
using AiStackDeployer.Web.Security;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AiStackDeployer.Web.Mcp;

internal sealed class DeployTools(DeploymentService deployments, McpCaller caller, Ids ids, NameText names, DeploymentText text)
{
    /// <summary>A key that could be guessed would hand the first caller's password to the second.</summary>
    private const int ShortestKey = Newcomer.SecretLength;

    private const int LongestKey = 200;

    [McpServerTool(
        Name = "deploy_stack", Title = "Deploy a stack", ReadOnly = false, Destructive = false, Idempotent = false, OpenWorld = true,
        UseStructuredContent = true, OutputSchemaType = typeof(DeployAnswer))]
    [Description("Begins making a stack and returns at once with its credentials; show them to the user, no other call has them.")]
    public async Task<CallToolResult> DeployAsync(
        RequestContext<CallToolRequestParams> request,
        [Description(Words.Name)] [MaxLength(Words.LongestName)] string name,
        CancellationToken cancellationToken,
        [Description("New UUID per stack; the same again = same deployment")] [MinLength(ShortestKey)] [MaxLength(LongestKey)] string? idempotency_key = null,
        [Description("Only tell what would happen")] bool dry_run = false)
    {
        if (idempotency_key?.Any(c => c is < '!' or > '~') == true)
        {
            return Reply.Refused("idempotency-key-invalid", "An idempotency_key has visible ASCII characters only.", "Use a UUID.");
        }
        var person = caller.Of(request, idempotency_key);
        if (!await caller.MayStartAsync(person))
        {
            return Reply.Refused("not-allowed", "You may not deploy stacks.", "Ask an administrator.");
        }
        var wish = new StartRequest
        {
            Name = name, OwnerId = person.PersonId(), RequestId = idempotency_key is null ? ids.NewRequestId() : RequestKey.OfStart(idempotency_key),
        };
        if (dry_run)
        {
            return await deployments.PlanAsync(wish, cancellationToken) switch
            {
                PlanResult.Planned planned => Planned(planned.Forecast),
                PlanResult.Refused refused => Refused(refused.Reason),
                var other => throw new InvalidOperationException($"Unknown result {other.GetType().Name}."),
            };
        }
        return await deployments.StartAsync(wish, cancellationToken) switch
        {
            StartResult.Started started => await StartedAsync(started.Deployment, person, cancellationToken),
            StartResult.Refusal refused => Refused(refused),
            var other => throw new InvalidOperationException($"Unknown result {other.GetType().Name}."),
        };
    }

    private async Task<CallToolResult> StartedAsync(DeploymentSnapshot deployment, ClaimsPrincipal person, CancellationToken cancellationToken) =>
        Reply.Of(new DeployAnswer
        {
            DeploymentId = deployment.Id,
            Name = deployment.Name,
            Url = deployment.Url,
            Credentials = await ReadCredentialsAsync(deployment, person, cancellationToken),
            Message = text.CurrentStep(deployment),
            Next = StateText.Next(deployment),
        });

    private async Task<CredentialsAnswer?> ReadCredentialsAsync(
        DeploymentSnapshot deployment, ClaimsPrincipal person, CancellationToken cancellationToken)
    {
        try
        {
            return await deployments.GetCredentialsAsync(deployment.StackId, person.PersonId(), cancellationToken) is { } credentials
                ? new CredentialsAnswer(credentials.UserName, credentials.Password)
                : null;
        }
        catch (Exception e) when (e is StorageUnavailableException or SecretUnreadableException)
        {
            // The deployment goes on all the same. Called again with its key, the tool answers them.
            return null;
        }
    }

    private static CallToolResult Planned(DeploymentForecast forecast) => Reply.Of(new DeployAnswer
    {
        DeploymentId = forecast.RepeatOf,
        Name = forecast.Name,
        Url = forecast.Url,
        Message = Foretell(forecast),
        Next = forecast.RepeatOf is null ? "Call deploy_stack without dry_run." : "Call check_deployment_status.",
    });

    private static string Foretell(DeploymentForecast forecast)
    {
        if (forecast.RepeatOf is not null)
        {
            return "This idempotency_key has begun this deployment already.";
        }
        var told = new List<string> { $"Nothing was begun. It would make {forecast.Url} from {forecast.Image}." };
        if (forecast.ExpectedTotal is { } usually)
        {
            told.Add(string.Create(CultureInfo.InvariantCulture, $"That usually takes {Math.Max(1, Math.Round(usually.TotalSeconds))} s."));
        }
        if (forecast.InLineBefore > 0)
        {
            told.Add(string.Create(CultureInfo.InvariantCulture, $"{forecast.InLineBefore} wait before it."));
        }
        if (forecast.IsNameUncertain)
        {
            told.Add("Dokploy could not be asked whether the name is free there.");
        }
        return string.Join(' ', told);
    }

    private CallToolResult Refused(StartResult.Refusal refusal) => refusal switch
    {
        StartResult.NameRefused refused => Reply.Refused(
            new Refusal(refused.Verdict.Faults[0].ToCode(), names.Sentence(refused.Verdict), "Choose another name.")
            {
                Suggestions = refused.Verdict.LegalForm is { } legal ? [legal.Value] : null,
            }),
        StartResult.NameYours yours => Reply.Refused(
            new Refusal("name-taken-by-you", names.TakenByYou, "Call check_deployment_status.") { DeploymentId = yours.DeploymentId }),
        StartResult.NameTaken { BeingChosen: var chosen } taken => Reply.Refused(
            new Refusal(
                chosen ? "name-being-chosen" : "name-taken",
                chosen ? names.BeingChosen : names.TakenByOther,
                taken.Suggestions.Count > 0 ? "Ask the user, then deploy_stack with one of suggestions." : "Choose another name.")
            {
                Suggestions = [.. taken.Suggestions.Select(s => s.Value)],
            }),
        StartResult.RequestIdReused => Reply.Refused(
            "idempotency-key-reused", "This idempotency_key was used for another name.", "Use a new UUID for a new stack."),
        StartResult.StorageUnavailable => Reply.StorageUnavailable(),
        _ => throw new InvalidOperationException($"Unknown result {refusal.GetType().Name}."),
    };
}
