using AiStackDeployer.Core.Deployments.Operations;

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

    public const string StartDeployment = nameof(StartDeployment);

    /// <summary>Resource: the snapshot.</summary>
    public const string CancelDeployment = nameof(CancelDeployment);

    /// <summary>Resource: the snapshot.</summary>
    public const string RetryDeployment = nameof(RetryDeployment);

    /// <summary>Resource: the snapshot.</summary>
    public const string ViewCredentials = nameof(ViewCredentials);

    /// <summary>Resource: the snapshot of the stack's newest deployment or deletion.</summary>
    public const string DeleteStack = nameof(DeleteStack);

    /// <summary>Any other operation on a stack. Resource: the snapshot of the stack's newest operation.</summary>
    public const string OperateStack = nameof(OperateStack);

    public const string ViewAdmin = nameof(ViewAdmin);

    /// <summary>Change of the DNS record that leads to all stacks.</summary>
    public const string RepairDns = nameof(RepairDns);

    /// <summary>Cancel, retry and delete of what is anybody's, as the administrators' page offers them. Resource: the snapshot.</summary>
    public const string AdministerDeployments = nameof(AdministerDeployments);
}
