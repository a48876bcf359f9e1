namespace AiStackDeployer.Core.Deployments;

/// <summary>How <see cref="DeploymentService.PlanAsync"/> ends.</summary>
public abstract record PlanResult
{
    private PlanResult()
    {
    }

    public sealed record Planned(DeploymentForecast Forecast) : PlanResult;

    /// <summary>A start would be refused now, for this reason.</summary>
    public sealed record Refused(BeginResult.Refusal Reason) : PlanResult;
}

/// <summary>What a start would do, as far as that can be known without doing it. Nothing is held for it.</summary>
public sealed record DeploymentForecast
{
    public required string Name { get; init; }

    /// <summary>The stack's address, no trailing slash.</summary>
    public required string Url { get; init; }

    /// <summary>Null when stacks have no web terminal.</summary>
    public string? TerminalUrl { get; init; }

    public required string Image { get; init; }

    /// <summary>The project it would stand in at Dokploy.</summary>
    public required string ProjectName { get; init; }

    public required IReadOnlyList<PlannedStep> Steps { get; init; }

    /// <summary>Median of the whole way once it is its turn; null = no past run to learn from.</summary>
    public TimeSpan? ExpectedTotal { get; init; }

    /// <summary>95th percentile of the whole way; null = too few past runs.</summary>
    public TimeSpan? ExpectedAtMost { get; init; }

    /// <summary>How many wait in the portal's line before it.</summary>
    public required int InLineBefore { get; init; }

    /// <summary>The deployment that the same request began already: a start would answer that one and begin nothing.</summary>
    public string? RepeatOf { get; init; }

    /// <summary>Dokploy could not be asked whether the name is free there: a start's first step finds out.</summary>
    public required bool IsNameUncertain { get; init; }
}

/// <param name="Usually">The median of past successful runs; null = none yet.</param>
public sealed record PlannedStep(DeploymentStep Step, TimeSpan? Usually);
