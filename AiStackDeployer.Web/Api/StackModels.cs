using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Web.Api;

/// <summary>A stack that has its name now. Nobody is told whose it is.</summary>
public sealed record StackAnswer
{
    /// <summary>Its id: another stack of the same name, later, has another one.</summary>
    public required string StackId { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its address.</summary>
    public required string Url { get; init; }

    /// <summary>The address of its web terminal; absent when stacks have none.</summary>
    public string? TerminalUrl { get; init; }

    /// <summary>What may be expected of it right now.</summary>
    public required StackState State { get; init; }

    /// <summary>The same in a few words of the caller's language.</summary>
    public required string Summary { get; init; }

    /// <summary>Whether it works now; absent unless it is ready.</summary>
    public StackHealthAnswer? Health { get; init; }

    /// <summary>The version of its OpenCode; absent when it is not known.</summary>
    public string? OpenCodeVersion { get; init; }

    /// <summary>Whether the caller made it.</summary>
    public required bool Mine { get; init; }

    /// <summary>The container image of its last deployment.</summary>
    public required string Image { get; init; }

    /// <summary>When it was first asked for.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its address first answered.</summary>
    public DateTimeOffset? ReadyAt { get; init; }

    /// <summary>When its last deployment failed; absent when that one did not.</summary>
    public DateTimeOffset? FailedAt { get; init; }

    /// <summary>When it was stopped; absent while it is not.</summary>
    public DateTimeOffset? StoppedAt { get; init; }

    /// <summary>When it is deleted for good, while it is to be deleted.</summary>
    public DateTimeOffset? RemoveAt { get; init; }

    /// <summary>When a person or its agent was last seen at work; absent when that is not known.</summary>
    public DateTimeOffset? UsedAt { get; init; }

    /// <summary>Until then it is not stopped for being unused.</summary>
    public DateTimeOffset? KeepUntil { get; init; }

    /// <summary>Whether its web terminal answered; absent when it was not asked (yet).</summary>
    public bool? TerminalAnswers { get; init; }

    /// <summary>The deployment that worked on it last.</summary>
    public required string DeploymentId { get; init; }

    /// <summary>That deployment's status.</summary>
    public required DeploymentStatus DeploymentStatus { get; init; }

    /// <summary>That deployment's progress, 0-100.</summary>
    public required int Progress { get; init; }

    /// <summary>Why that deployment failed.</summary>
    public FailureCode? ErrorCode { get; init; }
}

/// <summary>Whether a ready stack works now. The portal looks every few minutes, and soon after somebody asks.</summary>
/// <param name="State">What the last look found.</param>
/// <param name="Since">Since when it is so; absent while nobody has looked.</param>
/// <param name="SeenAt">When it last answered; absent when that is not known.</param>
/// <param name="Layer">Of one that does not answer: how far a browser would come.</param>
/// <param name="Missing">Of one that is missing: what is gone in Dokploy.</param>
/// <param name="Message">What is wrong, in the caller's language; absent while nothing is known to be.</param>
/// <param name="Remedy">What can be done about it.</param>
public sealed record StackHealthAnswer(
    HealthState State, DateTimeOffset? Since, DateTimeOffset? SeenAt, AddressLayer? Layer, MissingPart? Missing, string? Message, string? Remedy);

/// <summary>A page of stacks.</summary>
/// <param name="Items">The rows.</param>
/// <param name="Total">How many match in all.</param>
/// <param name="Skip">How many were left out before these.</param>
/// <param name="Take">How many were asked for.</param>
/// <param name="Next">The address of the next page; absent on the last one.</param>
public sealed record StackListAnswer(IReadOnlyList<StackAnswer> Items, int Total, int Skip, int Take, string? Next);

/// <summary>How to sign in to a stack (HTTP Basic), for its owner.</summary>
/// <param name="Name">The stack's name.</param>
/// <param name="Url">Its address.</param>
/// <param name="TerminalUrl">The address of its web terminal; absent when stacks have none.</param>
/// <param name="Username">The user name.</param>
/// <param name="Password">The password.</param>
public sealed record StackCredentialsAnswer(string Name, string Url, string? TerminalUrl, string Username, string Password)
{
    /// <summary>Without the password: a record's own text would print it.</summary>
    public override string ToString() => $"{Name} {Username}:***";
}

/// <summary>A way into a stack, for its owner.</summary>
/// <param name="Url">What to open in a browser.</param>
/// <param name="ExpiresAt">Until when it is good, for one use. Absent when the stack's image knows no tickets: then it is the plain address, which asks for the password.</param>
public sealed record OpenStackAnswer(string Url, DateTimeOffset? ExpiresAt)
{
    /// <summary>Without the ticket: a record's own text would print it.</summary>
    public override string ToString() => Url.Split('#')[0];
}

/// <summary>An operation on a stack that has begun.</summary>
/// <param name="DeploymentId">The operation's id: it is watched, listed and read as a deployment is.</param>
/// <param name="Name">The stack's name.</param>
/// <param name="StatusEndpoint">Where to watch it, as a stream of events or as JSON.</param>
public sealed record OperationAnswer(string DeploymentId, string Name, string StatusEndpoint);
