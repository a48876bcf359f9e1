using AiStackDeployer.Core.Naming;

namespace AiStackDeployer.Core.Stacks;

/// <summary>
/// A person's stack: the name it claims, what stands for it in Dokploy, and its credentials.
/// A name belongs to at most one stack that is not released (unique index).
/// </summary>
public sealed class Stack
{
    public const int LongestLabel = 80;

    public const int LongestDescription = 500;

    /// <summary><c>stk_{unix ms}_{random}</c>. Volumes carry it, so that a later owner of the same name inherits nothing.</summary>
    public required string Id { get; init; }

    /// <summary>The first label of the stack's host.</summary>
    public required StackName Name { get; init; }

    /// <summary>The person who made it (<c>usr_…</c>).</summary>
    public required string OwnerId { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The address a browser opens, e.g. <c>https://jan.ai.example.org</c>; no trailing slash.</summary>
    public required string Url { get; init; }

    /// <summary>The path of the web terminal below <see cref="Url"/>; null when the image has none.</summary>
    public string? TerminalPath { get; init; }

    /// <summary>The container image of the last deployment.</summary>
    public required string Image { get; set; }

    /// <summary>The Basic-auth user of the OpenCode server.</summary>
    public required string UserName { get; init; }

    /// <summary>The Basic-auth password, encrypted by <see cref="ISecretProtector"/>.</summary>
    public required string ProtectedPassword { get; set; }

    /// <summary>Its owner's own variables, as JSON, encrypted like the password; null = none.</summary>
    public string? ProtectedEnvironment { get; set; }

    /// <summary>What its owner calls it; null = by its name. At most <see cref="LongestLabel"/> characters.</summary>
    public string? Label { get; set; }

    /// <summary>What its owner says it is for; null = nothing. At most <see cref="LongestDescription"/> characters.</summary>
    public string? Description { get; set; }

    public StackState State { get; set; } = StackState.Creating;

    /// <summary>When its address first answered.</summary>
    public DateTimeOffset? ReadyAt { get; set; }

    /// <summary>
    /// When the last deployment, or deletion, failed; the name of a stack that could not be made is kept for its owner for a while
    /// from here.
    /// </summary>
    public DateTimeOffset? FailedAt { get; set; }

    /// <summary>When its container was stopped; null while it is not.</summary>
    public DateTimeOffset? StoppedAt { get; set; }

    /// <summary>When it is removed for good, while it is <see cref="StackState.ToBeDeleted"/>.</summary>
    public DateTimeOffset? RemoveAt { get; set; }

    /// <summary>Until then nobody stops it for being idle, because its owner said so.</summary>
    public DateTimeOffset? KeepUntil { get; set; }

    /// <summary>When its owner was told that it will be stopped for being idle; null = not since it was last used.</summary>
    public DateTimeOffset? IdleWarnedAt { get; set; }

    /// <summary>When its owner was told that it will be deleted for being unused; null = not since it was last used.</summary>
    public DateTimeOffset? ExpiryWarnedAt { get; set; }

    /// <summary>When a person or its agent was last seen at work, as far as that was stored; null = not known.</summary>
    public DateTimeOffset? UsedAt { get; set; }

    /// <summary>When the name was let go; a released stack is history.</summary>
    public DateTimeOffset? ReleasedAt { get; set; }

    /// <summary>Whether the web terminal's path answered at the last readiness probe; null = not probed.</summary>
    public bool? TerminalAnswers { get; set; }

    /// <summary>Whether it works now; shown only while it is ready.</summary>
    public StackHealth Health { get; set; } = StackHealth.Unknown;

    /// <summary>The path below <see cref="Url"/> at which it last told its health; null = not known.</summary>
    public string? HealthPath { get; set; }

    /// <summary>The version that OpenCode gave there; null = not known.</summary>
    public string? OpenCodeVersion { get; set; }

    /// <summary>The deployment that last worked on this stack.</summary>
    public required string LastDeploymentId { get; set; }

    /// <summary>Dokploy's ids, each recorded before the step after it begins; null = not known to exist.</summary>
    public string? ProjectId { get; set; }

    /// <inheritdoc cref="ProjectId"/>
    public string? EnvironmentId { get; set; }

    /// <inheritdoc cref="ProjectId"/>
    public string? ApplicationId { get; set; }

    /// <summary>The swarm service's name: what was asked for plus Dokploy's six random characters.</summary>
    public string? AppName { get; set; }

    /// <inheritdoc cref="ProjectId"/>
    public string? DomainId { get; set; }

    /// <summary>Raised by every write, so that two writers cannot overwrite each other.</summary>
    public int Version { get; set; }

    /// <summary>Forgets Dokploy's ids after what stood for them is proven gone.</summary>
    public void ForgetUpstream()
    {
        ProjectId = EnvironmentId = ApplicationId = AppName = DomainId = null;
    }
}
