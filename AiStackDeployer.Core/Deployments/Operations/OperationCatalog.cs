namespace AiStackDeployer.Core.Deployments.Operations;

/// <summary>All kinds of operations there are.</summary>
public static class OperationCatalog
{
    public static Operation Deploy { get; } = new DeployOperation();

    public static Operation Delete { get; } = new DeleteOperation();

    public static Operation Stop { get; } = new StopOperation();

    public static Operation Start { get; } = new StartOperation();

    public static Operation Restart { get; } = new RestartOperation();

    public static Operation Redeploy { get; } = new RedeployOperation();

    public static Operation RotatePassword { get; } = new RotatePasswordOperation();

    public static Operation ChangeEnvironment { get; } = new ChangeEnvironmentOperation();

    public static Operation ScheduleDeletion { get; } = new ScheduleDeletionOperation();

    public static IReadOnlyList<Operation> All { get; private set; } =
        [Deploy, Delete, Stop, Start, Restart, Redeploy, RotatePassword, ChangeEnvironment, ScheduleDeletion];

    /// <summary>Those that neither make nor remove a stack: REST and MCP offer them all in the same way.</summary>
    public static IEnumerable<Operation> OnLivingStacks => All.Where(operation => operation is { MakesStack: false, RemovesStack: false });

    /// <summary>The operation of a stored name, or of one from the wire.</summary>
    /// <returns>Null when there is none of this name.</returns>
    public static Operation? Find(string name) => All.FirstOrDefault(operation => operation.Name == name);

    /// <summary>For tests, which make up operations of their own; once per process.</summary>
    internal static void Add(Operation operation) => All = [.. All, operation];
}
