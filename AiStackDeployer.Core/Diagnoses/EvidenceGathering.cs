using System.Runtime.CompilerServices;
using AiStackDeployer.Core.Stacks;
using Microsoft.Extensions.Logging;

namespace AiStackDeployer.Core.Diagnoses;

/// <summary>Asks all sources about one stack at once, each within its own time. What a source meets never fails the diagnosis.</summary>
public sealed partial class EvidenceGathering(IEnumerable<IEvidenceSource> sources, TimeProvider time, ILogger<EvidenceGathering> logger)
{
    /// <summary>Somebody looks at the page meanwhile. Every call below it has a shorter time of its own.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(8);

    private readonly IReadOnlyList<IEvidenceSource> _sources = [.. sources];

    /// <summary>The diagnosis as it is known at once, and again after each source; the last one is whole.</summary>
    public async IAsyncEnumerable<StackDiagnosis> DiagnoseAsync(Evidence start, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var evidence = start;
        yield return StackDiagnosis.Of(evidence, isWhole: _sources.Count == 0);
        var left = _sources.Count;
        await foreach (var answered in Task.WhenEach(_sources.Select(source => AskAsync(source, start.Row.Stack, cancellationToken))).WithCancellation(cancellationToken))
        {
            var (look, add) = await answered;
            evidence = add?.Invoke(evidence) ?? evidence;
            evidence = evidence with { Looks = [.. evidence.Looks.Append(look).OrderBy(l => l.Source)] };
            yield return StackDiagnosis.Of(evidence, isWhole: --left == 0);
        }
    }

    private async Task<(SourceLook Look, Func<Evidence, Evidence>? Add)> AskAsync(IEvidenceSource source, Stack stack, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        using var timeout = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        EvidenceAnswer answer;
        try
        {
            // A source that ignores its token is abandoned.
            answer = await Task.Run(() => source.AskAsync(stack, either.Token), CancellationToken.None).WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            answer = new EvidenceAnswer(LookEnd.TimedOut);
        }
        catch (SecretUnreadableException)
        {
            answer = new EvidenceAnswer(LookEnd.Unreadable);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            SourceFailed(e, source.Source, stack.Id);
            answer = new EvidenceAnswer(LookEnd.Failed);
        }
        return (new SourceLook(source.Source, answer.End, answer.Why, time.GetElapsedTime(began)), answer.Add);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Asking {Source} about stack {StackId} failed")]
    private partial void SourceFailed(Exception e, EvidenceSource source, string stackId);
}
