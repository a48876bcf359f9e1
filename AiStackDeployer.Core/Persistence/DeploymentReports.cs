using System.Linq.Expressions;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;

namespace AiStackDeployer.Core.Persistence;

/// <summary>Pages over all deployments there ever were.</summary>
internal static class DeploymentReports
{
    private static readonly DeploymentPhase[] ActivePhases = [.. Enum.GetValues<DeploymentPhase>().Where(phase => !phase.IsTerminal())];

    // Phases in which the step does not matter for the status.
    private static readonly DeploymentPhase[] EndedPhases = [.. Enum.GetValues<DeploymentPhase>().Where(phase => phase.IsTerminal())];

    /// <param name="all">To count in.</param>
    /// <param name="whole">The same with what belongs to each row.</param>
    public static async Task<(IReadOnlyList<Deployment> Rows, int Total)> ListAsync(
        IQueryable<Deployment> all, IQueryable<Deployment> whole, DeploymentQuery query, CancellationToken cancellationToken)
    {
        var total = await Matching(all, query).CountAsync(cancellationToken);
        if (total <= query.Skip)
        {
            return ([], total);
        }
        // An id begins with its moment, and the primary key is read backwards as it lies: no sorting, however many there are.
        var rows = await Before(Matching(whole, query), query.Before).AsNoTracking()
            .OrderByDescending(d => d.Id).Skip(query.Skip).Take(query.Take)
            .ToListAsync(cancellationToken);
        return (rows, total);
    }

#pragma warning disable CA1309 // This becomes SQL, which compares bytes and knows no other overload.
    private static IQueryable<Deployment> Before(IQueryable<Deployment> deployments, string? id) =>
        id is null ? deployments : deployments.Where(d => string.Compare(d.Id, id) < 0);
#pragma warning restore CA1309

    private static IQueryable<Deployment> Matching(IQueryable<Deployment> deployments, DeploymentQuery query)
    {
        if (!string.IsNullOrWhiteSpace(query.Search))
        {
            // A zero byte, which PostgreSQL refuses, is in no name, and neither is a space.
            var part = query.Search.Trim().ToLowerInvariant().Replace('\0', ' ');
            deployments = deployments.Where(d => ((string)(object)d.Name).Contains(part));
        }
        if (query.Statuses.Count > 0)
        {
            deployments = WithStatus(deployments, query.Statuses);
        }
        if (query.Operation is { } operation)
        {
            deployments = deployments.Where(d => d.Operation == operation);
        }
        if (query.Active is { } active)
        {
            deployments = deployments.Where(d => ActivePhases.Contains(d.Phase) == active);
        }
        if (query.OwnerId is { } owner)
        {
            deployments = deployments.Where(d => d.OwnerId == owner);
        }
        if (query.StackId is { } stack)
        {
            deployments = deployments.Where(d => d.StackId == stack);
        }
        return deployments;
    }

    /// <summary>A status is not stored, so the question is turned round: which facts have it.</summary>
    private static IQueryable<Deployment> WithStatus(IQueryable<Deployment> deployments, IReadOnlyCollection<DeploymentStatus> statuses)
    {
        DeploymentPhase[] phases = [.. EndedPhases.Where(phase => statuses.Contains(StatusOf(OperationCatalog.Deploy, phase)))];
        var matches = (Expression<Func<Deployment, bool>>)(d => phases.Contains(d.Phase));
        foreach (var operation in OperationCatalog.All)
        {
            DeploymentStep[] steps = [.. operation.Plan.Select(planned => planned.Step).Where(step => statuses.Contains(operation.StatusAt(step)))];
            matches = Either(matches, d => d.Operation == operation && ActivePhases.Contains(d.Phase) && steps.Contains(d.CurrentStep));
        }
        return deployments.Where(matches);

        static DeploymentStatus StatusOf(Operation operation, DeploymentPhase phase) => DeploymentStatuses.Of(operation, phase, operation.Plan[0].Step);
    }

    private static Expression<Func<Deployment, bool>> Either(Expression<Func<Deployment, bool>> one, Expression<Func<Deployment, bool>> other) =>
        Expression.Lambda<Func<Deployment, bool>>(
            Expression.OrElse(one.Body, ReplacingExpressionVisitor.Replace(other.Parameters[0], one.Parameters[0], other.Body)), one.Parameters);
}
