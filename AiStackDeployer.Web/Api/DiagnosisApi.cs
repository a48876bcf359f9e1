using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Web.Presentation;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AiStackDeployer.Web.Api;

internal static class DiagnosisApi
{
    /// <summary>Why a deployment is where it is, what that rests on, and what can be done; also while all goes well.</summary>
    public static async Task<Results<Ok<DiagnosisAnswer>, ProblemHttpResult>> GetAsync(
        string id, HttpContext context, DeploymentDiagnoses diagnoses, DiagnosisText text, StatusMapper mapper, CancellationToken cancellationToken)
    {
        if (await diagnoses.FindAsync(id, cancellationToken) is not var (snapshot, diagnosis))
        {
            return Problems.Of(context, ProblemKinds.DeploymentNotFound);
        }
        return TypedResults.Ok(
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
                snapshot.TraceId));
    }
}
