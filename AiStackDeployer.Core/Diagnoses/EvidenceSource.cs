using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Diagnoses;

/// <summary>Where a piece of evidence is from.</summary>
public enum EvidenceSource
{
    /// <summary>What the portal itself has written down of the stack and its operations.</summary>
    Operation,

    /// <summary>The stack's own address, from outside.</summary>
    Address,

    /// <summary>The certificate that is shown there.</summary>
    Certificate,

    /// <summary>The stack's application in Dokploy, its route and its jobs.</summary>
    Application,

    /// <summary>The attempts of the swarm to run the container.</summary>
    Tasks,

    /// <summary>The swarm service, and how its last update went.</summary>
    Service,

    /// <summary>What Dokploy's newest deploy job wrote.</summary>
    DeployLog,

    /// <summary>What the container itself wrote.</summary>
    Container,

    /// <summary>What the stack's gate tells of memory and OpenCode.</summary>
    Gate,

    /// <summary>Dokploy's queue and the servers of the swarm.</summary>
    Servers,

    /// <summary>The checks of what all stacks depend on.</summary>
    Connections,
}

/// <summary>How asking a source ended.</summary>
public enum LookEnd
{
    Answered,

    /// <summary>There is nothing to ask for a stack in this state.</summary>
    Nothing,

    TimedOut,

    /// <summary>It answered, and refuses: <see cref="SourceLook.Why"/> tells what.</summary>
    Refused,

    /// <summary>The stack's secrets cannot be read, so what would have to be masked is not known.</summary>
    Unreadable,

    Failed,
}

/// <summary>That a source was asked, and what came of it: evidence too.</summary>
/// <param name="Why">What stood in the way, where that is known.</param>
public sealed record SourceLook(EvidenceSource Source, LookEnd End, FailureCode? Why, TimeSpan Took);

/// <summary>One line that somebody else wrote, masked.</summary>
public sealed record EvidenceLine(EvidenceSource Source, string Text);

/// <summary>One thing that can be asked about a stack. It may throw: that is evidence, and no other source suffers.</summary>
public interface IEvidenceSource
{
    EvidenceSource Source { get; }

    Task<EvidenceAnswer> AskAsync(Stack stack, CancellationToken cancellationToken);
}

/// <param name="Add">Puts what was found to the rest; null = nothing was.</param>
public sealed record EvidenceAnswer(LookEnd End, Func<Evidence, Evidence>? Add = null, FailureCode? Why = null)
{
    public static EvidenceAnswer Nothing { get; } = new(LookEnd.Nothing);

    public static EvidenceAnswer Of(Func<Evidence, Evidence> add) => new(LookEnd.Answered, add);

    public static EvidenceAnswer Refused(FailureCode why) => new(LookEnd.Refused, Why: why);
}
