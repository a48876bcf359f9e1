using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.People;
using AiStackDeployer.Web.Security.Tokens;
using Microsoft.AspNetCore.Authorization;

namespace AiStackDeployer.Web.Security;

/// <summary>One policy per action. Those marked so take the deployment's snapshot as their resource.</summary>
public static class Policies
{
    /// <summary>The owner's right to begin an operation on a stack, or to try it again.</summary>
    public static string For(Operation operation) => operation switch
    {
        { MakesStack: true } => RetryDeployment,
        { RemovesStack: true } => DeleteStack,
        _ => OperateStack,
    };

    /// <summary>Lists of one's own.</summary>
    public const string ViewOwn = nameof(ViewOwn);

    public const string StartDeployment = nameof(StartDeployment);

    /// <summary>Resource: the snapshot.</summary>
    public const string ViewDeployment = nameof(ViewDeployment);

    /// <summary>Resource: the snapshot.</summary>
    public const string CancelDeployment = nameof(CancelDeployment);

    /// <summary>Resource: the snapshot.</summary>
    public const string RetryDeployment = nameof(RetryDeployment);

    /// <summary>The owner alone, never an administrator. Resource: the snapshot.</summary>
    public const string ViewCredentials = nameof(ViewCredentials);

    /// <summary>Resource: the snapshot of the stack's newest deployment or deletion.</summary>
    public const string DeleteStack = nameof(DeleteStack);

    /// <summary>Any other operation on a stack. Resource: the snapshot of the stack's newest operation.</summary>
    public const string OperateStack = nameof(OperateStack);

    /// <summary>What is anybody's: lists, figures, connections.</summary>
    public const string ViewAdmin = nameof(ViewAdmin);

    /// <summary>Cancel, retry and delete of what is anybody's, as the administrators' page offers them. Resource: the snapshot.</summary>
    public const string AdministerDeployments = nameof(AdministerDeployments);

    /// <summary>Change of the DNS record that leads to all stacks.</summary>
    public const string RepairDns = nameof(RepairDns);

    /// <summary>People, their sessions and quotas, owners of stacks, the audit log.</summary>
    public const string ManagePeople = nameof(ManagePeople);

    /// <summary>What is decided for the whole portal: maintenance, notices, policies for stacks.</summary>
    public const string ManagePortal = nameof(ManagePortal);

    /// <summary>One's own sessions and tokens: never with a token, which could else make itself another one.</summary>
    public const string ManageOwnAccess = nameof(ManageOwnAccess);

    /// <summary>What the log ingest asks with its key.</summary>
    public const string ServeIngest = nameof(ServeIngest);

    internal static AuthorizationBuilder AddPolicies(this AuthorizationBuilder builder)
    {
        builder.SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        foreach (var (policy, rights) in All)
        {
            builder.AddPolicy(policy, p => p.AddRequirements(new RightRequirement(rights)));
        }
        builder.AddPolicy(ServeIngest, p => p.AddAuthenticationSchemes(IngestKey.SchemeName).RequireAuthenticatedUser());
        return builder.AddPolicy(ManageOwnAccess, p => p.RequireAuthenticatedUser().RequireAssertion(c => !c.User.HasClaim(claim => claim.Type == PersonClaims.Scope)));
    }

    private static readonly Dictionary<string, Right[]> All = new()
    {
        [ViewOwn] = [new(Scopes.Read)],
        [StartDeployment] = [new(Scopes.Deploy)],
        [ViewDeployment] = [new(Scopes.Read, Owner: true), new(Scopes.Read | Scopes.Admin, Least: Role.Operator)],
        [CancelDeployment] = [new(Scopes.Deploy, Owner: true)],
        [RetryDeployment] = [new(Scopes.Deploy, Owner: true)],
        [ViewCredentials] = [new(Scopes.Credentials, Owner: true)],
        [DeleteStack] = [new(Scopes.Manage, Owner: true)],
        [OperateStack] = [new(Scopes.Manage, Owner: true)],
        [ViewAdmin] = [new(Scopes.Read | Scopes.Admin, Least: Role.Operator)],
        [AdministerDeployments] = [new(Scopes.Manage | Scopes.Admin, Least: Role.Operator)],
        [RepairDns] = [new(Scopes.Admin, Least: Role.Admin)],
        [ManagePeople] = [new(Scopes.Admin, Least: Role.Admin)],
        [ManagePortal] = [new(Scopes.Admin, Least: Role.Admin)],
    };
}
