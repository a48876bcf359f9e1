using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Web.Components.Admin;

/// <summary>What can be done to many stacks at once: begin an operation on each, or change something about them.</summary>
/// <param name="Key">Of its words in <c>AdminTexts</c>: <c>bulk-text-…</c>.</param>
/// <param name="Operation">Null = it is none.</param>
public sealed record BulkAct(string Key, Operation? Operation = null)
{
    public static BulkAct HandOver { get; } = new("hand-over");

    public static BulkAct Keep { get; } = new("keep");

    public static BulkAct Of(Operation operation) => new(operation.Name, operation);

    /// <summary>An act that is no operation, on a stack on which nothing works.</summary>
    public bool IsFor(StackState state) => this != Keep || state is StackState.Ready or StackState.Stopped;
}
