using System.Runtime.CompilerServices;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Diagnoses;

namespace AiStackDeployer.Web.Presentation;

/// <summary>The diagnosis of a stack in whatever state: what is stored at once, the rest as the sources answer.</summary>
public sealed class StackDiagnoses(DeploymentDiagnoses operations, EvidenceGathering gathering, TimeProvider time)
{
    /// <summary>As it is known so far, again and again; the last one is whole.</summary>
    public async IAsyncEnumerable<StackDiagnosis> WatchAsync(
        StackRow row, DeploymentSnapshot last, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var operation = await operations.OfAsync(last, cancellationToken);
        await foreach (var diagnosis in gathering.DiagnoseAsync(Evidence.Of(row, last, operation, time.GetUtcNow()), cancellationToken))
        {
            yield return diagnosis;
        }
    }

    /// <summary>The whole one.</summary>
    public async Task<StackDiagnosis> ReadAsync(StackRow row, DeploymentSnapshot last, CancellationToken cancellationToken) =>
        await WatchAsync(row, last, cancellationToken).LastAsync(cancellationToken);
}
