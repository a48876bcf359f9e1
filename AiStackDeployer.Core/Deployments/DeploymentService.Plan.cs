using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Naming;

namespace AiStackDeployer.Core.Deployments;

/// <content>The look before a start, and the start's rehearsal, which goes no further than the look.</content>
public sealed partial class DeploymentService
{
    /// <summary>
    /// What <see cref="StartAsync"/> would do for this request now. Writes nothing and holds nothing, so a moment later the answer
    /// may be another.
    /// </summary>
    public async Task<PlanResult> PlanAsync(StartRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await LookAsync(request, cancellationToken) switch
            {
                Prospect.Refused refused => new PlanResult.Refused(refused.Reason),
                Prospect.Repeat repeat => await ForecastAsync(
                    repeat.Before.Name, isNameUncertain: false, repeat.Before, cancellationToken),
                // A claim would find this stack and take it up again only when its owner's last try failed.
                Prospect.Open { Own: { } own } open when own.OwnerId != request.OwnerId || !OperationCatalog.Deploy.MayBeginIn(own.State) =>
                    new PlanResult.Refused(new BeginResult.NameYours(own.LastDeploymentId)),
                Prospect.Open open => await ForecastAsync(open.Name, open.IsNameUncertain, before: null, cancellationToken),
                var other => throw new InvalidOperationException($"Unknown prospect {other.GetType().Name}."),
            };
        }
        catch (StorageUnavailableException e)
        {
            NotStored(e, "dry run", request.Name);
            return new PlanResult.Refused(new BeginResult.StorageUnavailable());
        }
    }

    private static NameHolder AskerOf(StartRequest request) => new(request.HolderId ?? request.RequestId, request.OwnerId);

    private static BeginResult.Refusal? OtherNameOf(Deployment before, StackName name) =>
        before.Operation == OperationCatalog.Deploy && before.Name == name ? null : new BeginResult.RequestIdReused(before.Name);

    /// <summary>Everything that can be known of a request without writing.</summary>
    private async Task<Prospect> LookAsync(StartRequest request, CancellationToken cancellationToken)
    {
        var verdict = rules.Check(request.Name);
        if (verdict.Name is not { } name || verdict.Faults.Count > 0)
        {
            return new Prospect.Refused(new BeginResult.NameRefused(verdict));
        }
        if (await store.FindByRequestAsync(request.OwnerId, request.RequestId, cancellationToken) is { } before)
        {
            return OtherNameOf(before, name) is { } reused ? new Prospect.Refused(reused) : new Prospect.Repeat(before);
        }
        // Dokploy may know the name although we do not. When it cannot be asked the claim decides, and the first step finds out.
        return await availability.CheckAsync(name.Value, AskerOf(request), cancellationToken) switch
        {
            NameAvailability.TakenByOther taken => new Prospect.Refused(new BeginResult.NameTaken(BeingChosen: false, taken.Suggestions)),
            NameAvailability.BeingChosen chosen => new Prospect.Refused(new BeginResult.NameTaken(BeingChosen: true, chosen.Suggestions)),
            NameAvailability.TakenByYou =>
                new Prospect.Open(name, IsNameUncertain: false, (await store.FindStackByNameAsync(name, cancellationToken))?.Stack),
            var free => new Prospect.Open(name, free is NameAvailability.UpstreamUnreachable, Own: null),
        };
    }

    private async Task<PlanResult> ForecastAsync(
        StackName name, bool isNameUncertain, Deployment? before, CancellationToken cancellationToken)
    {
        var learned = await learner.GetAsync(OperationCatalog.Deploy, cancellationToken);
        var line = await store.ListQueuedIdsAsync(cancellationToken);
        var url = before?.Stack.Url ?? defaults.UrlOf(name.Value);
        return new PlanResult.Planned(new DeploymentForecast
        {
            Name = name.Value,
            Url = url,
            TerminalUrl = (before is null ? defaults.TerminalPath : before.Stack.TerminalPath) is { } path ? url + path : null,
            Image = before?.Stack.Image ?? defaults.Image,
            ProjectName = name.ProjectName,
            Steps = [.. OperationCatalog.Deploy.Plan.Select((planned, index) =>
                new PlannedStep(planned.Step, learned.Median.TryGetValue(index, out var usually) ? usually : null))],
            ExpectedTotal = learned.Total,
            ExpectedAtMost = learned.TotalP95,
            InLineBefore = before is null ? line.Count : Math.Max(0, line.ToList().IndexOf(before.Id)),
            RepeatOf = before?.Id,
            IsNameUncertain = isNameUncertain,
        });
    }

    /// <summary>How a request stands before anything is written.</summary>
    private abstract record Prospect
    {
        public sealed record Refused(BeginResult.Refusal Reason) : Prospect;

        /// <summary>The same request was made before.</summary>
        public sealed record Repeat(Deployment Before) : Prospect;

        /// <param name="Own">The asker's own stack of this name, where there is one.</param>
        public sealed record Open(StackName Name, bool IsNameUncertain, Stacks.Stack? Own) : Prospect;
    }
}
