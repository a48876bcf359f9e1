namespace AiStackDeployer.Core.People;

/// <summary>What a person may do beside what is their own. By name in the database and in claims, lower-case.</summary>
public enum Role
{
    /// <summary>Their own stacks.</summary>
    User,

    /// <summary>Sees all stacks and acts on them; changes neither settings nor rights.</summary>
    Operator,

    /// <summary>What an operator may, and the portal itself: people, owners, DNS, audit.</summary>
    Admin,
}
