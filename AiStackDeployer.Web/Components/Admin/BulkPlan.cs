using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Web.Components.Admin;

/// <summary>One of many stacks, and what will be done to it.</summary>
/// <param name="Begins">Null = none of the operations.</param>
/// <param name="IsBusy">Why it cannot: something works on it. Else its state is why.</param>
internal sealed record BulkItem(StackRow Row, Operation? Begins, bool CanBegin, bool IsBusy);

/// <summary>What an act on many stacks would do, before anybody confirms it.</summary>
internal sealed record BulkPlan(IReadOnlyList<BulkItem> Items)
{
    public IReadOnlyList<BulkItem> Begins => [.. Items.Where(item => item.CanBegin)];

    public IReadOnlyList<BulkItem> Cannot => [.. Items.Where(item => !item.CanBegin)];

    public static BulkPlan Of(BulkAct act, IReadOnlyList<StackRow> rows) => new([.. rows.Select(row => ItemOf(act, row))]);

    private static BulkItem ItemOf(BulkAct act, StackRow row)
    {
        if (!row.Phase.IsTerminal() || act.Operation is not { } wanted)
        {
            return new BulkItem(row, act.Operation, row.Phase.IsTerminal() && act.IsFor(row.Stack.State), IsBusy: !row.Phase.IsTerminal());
        }
        // Of a stack that failed nothing runs that could be stopped first and brought back.
        var begins = wanted == OperationCatalog.ScheduleDeletion && row.Stack.State is (StackState.Failed or StackState.DeleteFailed) ? OperationCatalog.Delete : wanted;
        return new BulkItem(row, begins, row.MayBegin(begins), IsBusy: false);
    }
}
