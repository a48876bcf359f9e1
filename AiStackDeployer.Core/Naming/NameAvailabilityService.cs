namespace AiStackDeployer.Core.Naming;

/// <summary>Answers whether a name can be had: rules first, then the portal's database, then the list of upstream names.</summary>
public sealed class NameAvailabilityService(
    NameRules rules, INameRegister register, UpstreamNameList upstream, NameCheckMeter meter, TimeProvider time, NamingOptions options)
{
    /// <summary>Suggestions offered beside a name that cannot be had.</summary>
    private const int SuggestionCount = 3;

    private readonly NameSuggestions _suggestions = new(rules.Reserved);

    /// <summary>Answers without holding anything. Without an asker nothing is "yours".</summary>
    public Task<NameAvailability> CheckAsync(string? typed, NameHolder? asker, CancellationToken cancellationToken) =>
        AnswerAsync(typed, asker, takesHold: false, cancellationToken);

    /// <summary>
    /// Answers, and when the name may be tried, holds it for the form in the same breath, newly or again. Whatever else the form
    /// held is let go.
    /// </summary>
    public async Task<NameAvailability> CheckAndHoldAsync(string? typed, NameHolder holder, CancellationToken cancellationToken)
    {
        var answer = await AnswerAsync(typed, holder, takesHold: true, cancellationToken);
        if (!answer.MayTry)
        {
            await ReleaseAsync(holder, cancellationToken);
        }
        return answer;
    }

    /// <summary>Lets go of whatever the form holds.</summary>
    public Task ReleaseAsync(NameHolder holder, CancellationToken cancellationToken) => register.ReleaseAsync(holder.HolderId, cancellationToken);

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

        var names = await upstream.GetAsync(cancellationToken);
        if (names.Has(name))
        {
            return new NameAvailability.TakenByOther(name, await SuggestAsync(name, cancellationToken));
        }

        var attempt = takesHold && asker is not null ? await HoldAsync(name, asker, cancellationToken) : null;
        var isHeld = asker is not null && (takesHold ? attempt is HoldResult.Held : standing.Hold?.HolderId == asker.HolderId);
        if (attempt is HoldResult.HeldByOther or HoldResult.Claimed)
        {
            // Somebody was quicker while upstream was being asked: read again who it is.
            standing = await register.GetStandingAsync(name, time.GetUtcNow(), cancellationToken);
            return await RefuseAsync(name, standing, asker, cancellationToken)
                ?? new NameAvailability.BeingChosen(name, await SuggestAsync(name, cancellationToken));
        }

        return names.Projects is null
            ? new NameAvailability.UpstreamUnreachable(name, isHeld, names.IsRefused)
            : new NameAvailability.Available(name, isHeld);
    }

    private async Task<HoldResult> HoldAsync(StackName name, NameHolder holder, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return await register.TryHoldAsync(name, holder, now, now + options.HoldLength, cancellationToken);
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

    /// <summary>Names like the wanted one, free in the register and upstream; none while upstream gives no answer.</summary>
    private async Task<IReadOnlyList<StackName>> SuggestAsync(StackName wanted, CancellationToken cancellationToken)
    {
        var names = await upstream.GetAsync(cancellationToken);
        if (names.Projects is null)
        {
            return [];
        }
        var candidates = _suggestions.For(wanted);
        var occupied = await register.FindOccupiedAsync(candidates, time.GetUtcNow(), cancellationToken);
        return [.. candidates.Where(name => !occupied.Contains(name) && !names.Has(name)).Take(SuggestionCount)];
    }
}
