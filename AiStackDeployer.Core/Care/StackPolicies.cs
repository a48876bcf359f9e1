using AiStackDeployer.Core.People;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Care;

/// <summary>What administrators have decided for the stacks of people of one role; what is null is as the settings say.</summary>
/// <param name="StopAfterHours">Unused for so long, a stack is stopped; 0 = never.</param>
/// <param name="DeleteAfterDays">Unused for so long, a stack is deleted; 0 = never.</param>
/// <param name="StacksPerPerson">How many stacks a person may have who has no limit of their own.</param>
/// <param name="Image">What new stacks are made of.</param>
public sealed record RolePolicy(int? StopAfterHours = null, int? DeleteAfterDays = null, int? StacksPerPerson = null, string? Image = null)
{
    public static RolePolicy AsSet { get; } = new();

    public LifePolicy LifeOver(LifePolicy settings) => new(
        StopAfterHours is { } hours ? hours == 0 ? null : TimeSpan.FromHours(hours) : settings.StopAfter,
        DeleteAfterDays is { } days ? days == 0 ? null : TimeSpan.FromDays(days) : settings.DeleteAfter);
}

/// <param name="Images">Those that a role may be given.</param>
public sealed record StackPolicies(IReadOnlyList<string> Images, IReadOnlyDictionary<Role, RolePolicy> Roles)
{
    public static StackPolicies None { get; } = new([], new Dictionary<Role, RolePolicy>());

    public RolePolicy Of(Role role) => Roles.GetValueOrDefault(role, RolePolicy.AsSet);
}
