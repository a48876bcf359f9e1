using System.ComponentModel;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Diagnoses;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Web.Presentation;
using AiStackDeployer.Web.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AiStackDeployer.Web.Api;

/// <summary>What is wrong with a stack, asked of everything that knows of it; and all of that as a file to give away.</summary>
internal static class StackDiagnosisApi
{
    public static void MapStackDiagnosis(this RouteGroupBuilder portal)
    {
        var api = portal.MapGroup("/stacks/{name}").WithTags("Stacks").ProducesProblems(ProblemKinds.Always);
        api.MapGet("/diagnosis", DiagnoseAsync).WithName("diagnoseStack")
            .WithSummary("Diagnose a stack")
            .WithDescription(
                """
                In any state. Asks its address, Dokploy, the swarm, the logs and the checks of what all stacks depend on, each for 8 seconds at most; a source
                that does not answer is part of the answer. `code` is a known cause, `unexplained`, or what the diagnosis of the stack's newest operation says.
                """)
            .ProducesProblems(ProblemKinds.StackNotFound);
        api.MapGet("/support-bundle", TakeAsync).WithName("getSupportBundle")
            .WithSummary("Download a support bundle")
            .WithDescription("One zip file with the diagnosis, its evidence, the history and the logs of a stack; secrets are masked. Recorded in the audit log.")
            .Produces<Stream>(StatusCodes.Status200OK, SupportBundle.MimeType)
            .ProducesProblems(ProblemKinds.StackNotFound, ProblemKinds.CredentialsUnreadable);
    }

    private static async Task<Results<Ok<StackDiagnosisAnswer>, ProblemHttpResult>> DiagnoseAsync(
        [Description("The stack's name.")] string name, HttpContext context, VisibleDeployments visible, StackDiagnoses diagnoses, SignText text, CancellationToken cancellationToken)
    {
        if (await visible.FindStackAsync(context.User, name, cancellationToken) is not var (row, last))
        {
            return Problems.Of(ProblemKinds.StackNotFound);
        }
        var diagnosis = await diagnoses.ReadAsync(row, last, cancellationToken);
        return TypedResults.Ok(new StackDiagnosisAnswer(
            row.Stack.Name,
            row.Stack.State,
            last.Id,
            diagnosis.Verdict,
            SignText.Code(diagnosis),
            text.Cause(diagnosis),
            text.Advice(diagnosis),
            diagnosis.Cause is { } cause ? cause.Signature.By : null,
            diagnosis.Cause?.Command,
            ActOf(diagnosis.Cause, row, last),
            diagnosis.Cause is { } found ? LineOf(found.Sign.Line) : null,
            [.. diagnosis.AlsoSeen.Select(f => new SeenAnswer(f.Signature.Code, text.Cause(f), text.Cure(f), f.Signature.By, LineOf(f.Sign.Line)))],
            [.. diagnosis.Evidence.Looks.Select(look => new LookAnswer(look.Source, look.End, look.Why, Math.Round(look.Took.TotalSeconds, 2)))],
            [.. diagnosis.Evidence.Lines.TakeLast(StackDiagnosis.LastLines).Select(LineOf)]));
    }

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> TakeAsync(
        [Description("The stack's name.")] string name, HttpContext context, StackActs acts, VisibleDeployments visible, SupportBundle bundle, CancellationToken cancellationToken)
    {
        if (await acts.TakeBundleAsync(Actor.Of(context), name, cancellationToken) is not var (row, last))
        {
            return Problems.Of(ProblemKinds.StackNotFound);
        }
        try
        {
            var isAdministrator = await visible.MayAsync(context.User, last, Policies.ViewAdmin);
            var (file, bytes) = await bundle.MakeAsync(row, last, isAdministrator, cancellationToken);
            return TypedResults.File(bytes, SupportBundle.MimeType, file);
        }
        catch (SecretUnreadableException)
        {
            return Problems.Of(ProblemKinds.CredentialsUnreadable);
        }
    }

    private static LineAnswer LineOf(EvidenceLine line) => new(line.Source, line.Text);

    private static string? ActOf(Finding? finding, StackRow row, DeploymentSnapshot last) => finding?.ActOf(row, last) switch
    {
        CureAct.Begin begin => begin.Operation.Name,
        CureAct.TryAgain => "retry",
        _ => null,
    };
}

/// <summary>What is wrong with a stack.</summary>
/// <param name="Name">Its name.</param>
/// <param name="State">As in the stack itself.</param>
/// <param name="DeploymentId">The newest operation on it.</param>
/// <param name="Verdict">`found`: a known cause; `unexplained`: something is wrong, and no known cause matches; `as_it_says`: the newest operation's facts say all there is.</param>
/// <param name="Code">Stable, to be switched on.</param>
/// <param name="Cause">A sentence in the caller's language.</param>
/// <param name="Cure">What can be done, in the caller's language.</param>
/// <param name="By">Who can do it; absent when no cause is known.</param>
/// <param name="Command">What to run on the server.</param>
/// <param name="Act">What the portal can do now: the name of an operation, or `retry` of the newest one.</param>
/// <param name="Evidence">The line that the cause rests on.</param>
/// <param name="AlsoSeen">Other known causes that match, the most certain first.</param>
/// <param name="Sources">What was asked.</param>
/// <param name="LastLines">The last lines of the logs, masked.</param>
public sealed record StackDiagnosisAnswer(
    string Name,
    StackState State,
    string DeploymentId,
    StackVerdict Verdict,
    string Code,
    string Cause,
    string Cure,
    CureBy? By,
    string? Command,
    string? Act,
    LineAnswer? Evidence,
    IReadOnlyList<SeenAnswer> AlsoSeen,
    IReadOnlyList<LookAnswer> Sources,
    IReadOnlyList<LineAnswer> LastLines);

/// <summary>Another known cause that matches.</summary>
/// <param name="Code">Stable.</param>
/// <param name="Cause">A sentence in the caller's language.</param>
/// <param name="Cure">What can be done, in the caller's language.</param>
/// <param name="By">Who can do it.</param>
/// <param name="Evidence">The line that it rests on.</param>
public sealed record SeenAnswer(string Code, string Cause, string Cure, CureBy By, LineAnswer Evidence);

/// <summary>One line, masked.</summary>
/// <param name="Source">Where it is from.</param>
/// <param name="Text">What it says.</param>
public sealed record LineAnswer(EvidenceSource Source, string Text);

/// <summary>That something was asked.</summary>
/// <param name="Source">What.</param>
/// <param name="End">What came of it.</param>
/// <param name="Why">What stood in the way, where that is known.</param>
/// <param name="Seconds">How long it took.</param>
public sealed record LookAnswer(EvidenceSource Source, LookEnd End, FailureCode? Why, double Seconds);
