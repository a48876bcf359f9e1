using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Diagnoses;
using AiStackDeployer.Core.Stacks;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using static AiStackDeployer.Tests.Diagnoses.SomeEvidence;

namespace AiStackDeployer.Tests.Diagnoses;

public sealed class EvidenceGatheringTests
{
    private readonly FakeTimeProvider _time = new(Now);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_source_meets_is_evidence_and_stops_no_other()
    {
        var hanging = new TaskCompletionSource();
        var others = new TaskCompletionSource();
        var gathering = Of(
            new KnownSource(EvidenceSource.Address, (_, _) => throw new InvalidOperationException("SELECT secret")),
            new KnownSource(EvidenceSource.Tasks, (_, _) => Task.FromResult(EvidenceAnswer.Refused(FailureCode.DokployPermissionDenied))),
            new KnownSource(EvidenceSource.Container, (_, _) => throw new SecretUnreadableException(new InvalidOperationException())),
            new KnownSource(EvidenceSource.Gate, (_, _) => Task.FromResult(EvidenceAnswer.Nothing)),
            new KnownSource(EvidenceSource.Servers, async (_, token) =>
            {
                hanging.SetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, _time, token);
                return EvidenceAnswer.Nothing;
            }),
            new KnownSource(EvidenceSource.DeployLog, (_, _) => Task.FromResult(EvidenceAnswer.Of(e => e.Says(EvidenceSource.DeployLog, "no space left on device")))));

        var seen = new List<StackDiagnosis>();
        var reading = Task.Run(async () =>
        {
            await foreach (var diagnosis in gathering.DiagnoseAsync(Broken(), Token))
            {
                seen.Add(diagnosis);
                if (diagnosis.Evidence.Looks.Count == 5)
                {
                    others.SetResult();
                }
            }
        }, Token);
        await Task.WhenAll(hanging.Task, others.Task).WaitAsync(Token);
        _time.Advance(EvidenceGathering.Limit);
        await reading;

        Assert.Equal(7, seen.Count);
        Assert.Equal([.. Enumerable.Repeat(false, 6), true], seen.Select(d => d.IsWhole));
        Assert.Equal(
            [
                (EvidenceSource.Address, LookEnd.Failed, null), (EvidenceSource.Tasks, LookEnd.Refused, FailureCode.DokployPermissionDenied),
                (EvidenceSource.DeployLog, LookEnd.Answered, null), (EvidenceSource.Container, LookEnd.Unreadable, null), (EvidenceSource.Gate, LookEnd.Nothing, null),
                (EvidenceSource.Servers, LookEnd.TimedOut, (FailureCode?)null),
            ],
            seen[^1].Evidence.Looks.Select(look => (look.Source, look.End, look.Why)));
        Assert.Equal(["keys-lost", "disk-full"], seen[^1].Findings.Take(2).Select(f => f.Signature.Code));
    }

    [Fact]
    public async Task Who_leaves_ends_it()
    {
        using var leaving = new CancellationTokenSource();
        var gathering = Of(new KnownSource(EvidenceSource.Address, async (_, token) =>
        {
            await leaving.CancelAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, _time, token);
            return EvidenceAnswer.Nothing;
        }));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await gathering.DiagnoseAsync(Broken(), leaving.Token).CountAsync(Token));
    }

    private EvidenceGathering Of(params IEvidenceSource[] sources) => new(sources, _time, NullLogger<EvidenceGathering>.Instance);
}
