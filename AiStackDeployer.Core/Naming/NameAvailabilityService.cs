namespace AiStackDeployer.Core.Naming;

/// <summary>
/// Answers whether a name can be had: rules first, then the portal's database, then upstream. One for the whole
/// process, because upstream answers are shared between everybody who asks.
/// </summary>
public sealed class NameAvailabilityService(
    NameRules rules, INameRegister register, IUpstreamNames upstream, NameCheckMeter meter, TimeProvider time, NamingOptions options)
    : IDisposable, IAsyncDisposable
{
    private readonly SharedUpstreamNames _shared = new(upstream, time, options);
    private readonly NameSuggestions _suggestions = new(rules.Reserved);

    /// <summary>Answers without holding anything. Without an asker nothing is "yours".</summary>
    public Task<NameAvailability> CheckAsync(string? typed, NameHolder? asker, CancellationToken cancellationToken) =>
        AnswerAsync(typed, asker, takesHold: false, cancellationToken);

    /// <summary>Answers, and when the name may be tried, holds it for the form in the same breath.</summary>
    public Task<NameAvailability> CheckAndHoldAsync(string? typed, NameHolder holder, CancellationToken cancellationToken) =>
        AnswerAsync(typed, holder, takesHold: true, cancellationToken);

    public void Dispose() => _shared.Dispose();

    public ValueTask DisposeAsync() => _shared.DisposeAsync();

    private async Task<NameAvailability> AnswerAsync(string? typed, NameHolder? asker, bool takesHold, CancellationToken cancellationToken)
    {
        var answer = await FindAnswerAsync(typed, asker, takesHold, cancellationToken);
        meter.Answered(answer);
        return answer;
    }

    private async Task<NameAvailability> FindAnswerAsync(string? typed, NameHolder? asker, bool takesHold, CancellationToken cancellationToken)
    {
        var verdict = rules.Check(typed);
        if (verdict.Name is not { } name)
        {
            return verdict.IsOnlyReserved
                ? new NameAvailability.Reserved(verdict, await SuggestAsync(StackName.FromStored(verdict.Normalized), cancellationToken))
                : new NameAvailability.Invalid(verdict);
        }

        var standing = await register.GetStandingAsync(name, time.GetUtcNow(), cancellationToken);
        if (await RefuseAsync(name, standing, asker, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        var answer = await _shared.LookUpAsync(name, cancellationToken);
        if (answer is UpstreamNameAnswer.Taken)
        {
            return new NameAvailability.TakenByOther(name, await SuggestAsync(name, cancellationToken));
        }

        if (!takesHold || asker is null)
        {
            var ownHold = asker is not null && standing.Hold?.HolderId == asker.HolderId ? standing.Hold : null;
            return Grant(name, answer, ownHold);
        }

        return await HoldAsync(name, asker, answer, cancellationToken);
    }

    private async Task<NameAvailability> HoldAsync(
        StackName name, NameHolder holder, UpstreamNameAnswer answer, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var result = await register.TryHoldAsync(name, holder, now, now + options.HoldLength, cancellationToken);
        if (result is HoldResult.Held held)
        {
            return Grant(name, answer, new NameHold(holder.HolderId, holder.OwnerId, held.Until));
        }

        // Somebody was quicker while upstream was being asked: read again who it is.
        var standing = await register.GetStandingAsync(name, time.GetUtcNow(), cancellationToken);
        return await RefuseAsync(name, standing, holder, cancellationToken)
            ?? new NameAvailability.BeingChosen(name, await SuggestAsync(name, cancellationToken));
    }

    /// <summary>The answer when the portal's own database already stands in the way; null when it does not.</summary>
    private async Task<NameAvailability?> RefuseAsync(
        StackName name, NameStanding standing, NameHolder? asker, CancellationToken cancellationToken) => standing switch
    {
        { Claim: { } claim } when claim.OwnerId == asker?.OwnerId => new NameAvailability.TakenByYou(name, claim.DeploymentId),
        { Claim: not null } => new NameAvailability.TakenByOther(name, await SuggestAsync(name, cancellationToken)),
        { Hold: { } hold } when hold.OwnerId != asker?.OwnerId => new NameAvailability.BeingChosen(name, await SuggestAsync(name, cancellationToken)),
        _ => null,
    };

    private static NameAvailability Grant(StackName name, UpstreamNameAnswer answer, NameHold? hold) =>
        answer is UpstreamNameAnswer.Free
            ? new NameAvailability.Available(name, hold)
            : new NameAvailability.UpstreamUnreachable(name, hold);

    /// <summary>
    /// Names like the wanted one, free in the register and upstream. The register is asked once for all candidates;
    /// upstream only for as many as are still needed, and no further once it does not answer.
    /// </summary>
    private async Task<IReadOnlyList<StackName>> SuggestAsync(StackName wanted, CancellationToken cancellationToken)
    {
        var candidates = _suggestions.For(wanted);
        var occupied = await register.FindOccupiedAsync(candidates, time.GetUtcNow(), cancellationToken);
        var open = new Queue<StackName>(candidates.Where(name => !occupied.Contains(name)));
        var found = new List<StackName>(options.SuggestionCount);

        using var timeout = new CancellationTokenSource(options.SuggestionTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        while (found.Count < options.SuggestionCount && open.Count > 0)
        {
            var batch = TakeUpTo(open, options.SuggestionCount - found.Count);
            var answers = await LookUpAllAsync(batch, either.Token);
            cancellationToken.ThrowIfCancellationRequested();
            found.AddRange(batch.Where((_, index) => answers[index] is UpstreamNameAnswer.Free));
            if (answers.Contains(UpstreamNameAnswer.Unreachable))
            {
                break;
            }
        }

        return found;
    }

    /// <summary>One answer for each name; those that did not come before the token are "unreachable".</summary>
    private Task<UpstreamNameAnswer[]> LookUpAllAsync(IEnumerable<StackName> names, CancellationToken cancellationToken) =>
        Task.WhenAll(names.Select(async name =>
        {
            try
            {
                return await _shared.LookUpAsync(name, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return UpstreamNameAnswer.Unreachable;
            }
        }));

    private static List<StackName> TakeUpTo(Queue<StackName> names, int count)
    {
        var taken = new List<StackName>(count);
        while (taken.Count < count && names.TryDequeue(out var name))
        {
            taken.Add(name);
        }

        return taken;
    }
}
