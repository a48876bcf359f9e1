using System.Text.Json.Serialization;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Web.Presentation;

namespace AiStackDeployer.Web.Api;

internal static class DiagnosisApi
{
    /// <summary>Why a deployment is where it is, what that rests on, and what can be done; also while all goes well.</summary>
    public static async Task<IResult> GetAsync(
        string id, HttpContext context, DeploymentDiagnoses diagnoses, DiagnosisText text, StatusMapper mapper, CancellationToken cancellationToken)
    {
        if (await diagnoses.FindAsync(id, cancellationToken) is not var (snapshot, diagnosis))
        {
            return Problems.Of(StatusCodes.Status404NotFound, "deployment-not-found", "No deployment has this id.");
        }
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Json(
            new DiagnosisAnswer(
                snapshot.Id,
                snapshot.Name,
                snapshot.Status.ToWire(),
                DiagnosisText.Code(diagnosis),
                text.Cause(diagnosis),
                text.Advice(diagnosis),
                diagnosis.NeedsAdministrator,
                text.Evidence(diagnosis),
                diagnosis.Failure?.RawLines,
                [.. diagnosis.Log.Select(mapper.Log)],
                snapshot.TraceId),
            DiagnosisJsonContext.Default.DiagnosisAnswer);
    }
}

/// <param name="Code">Stable, to be switched on: the failure's code, or what is the matter, e.g. <c>waiting-in-dokploy</c>.</param>
/// <param name="Cause">A sentence in the caller's language.</param>
/// <param name="Advice">What can be done, in the caller's language.</param>
/// <param name="NeedsAdministrator">Whether trying again is of no use before an administrator did something.</param>
/// <param name="Evidence">Facts, one a line.</param>
/// <param name="RawLines">What Docker or the container said, masked.</param>
/// <param name="Log">The last lines of the log.</param>
public sealed record DiagnosisAnswer(
    string DeploymentId,
    string Name,
    string Status,
    string Code,
    string Cause,
    string Advice,
    bool NeedsAdministrator,
    IReadOnlyList<string> Evidence,
    IReadOnlyList<string>? RawLines,
    IReadOnlyList<LogAnswer> Log,
    string TraceId);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DiagnosisAnswer))]
internal sealed partial class DiagnosisJsonContext : JsonSerializerContext;
