using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Web.Components.Admin;

/// <summary>The memory that gates have told of lately; a gate that was not asked, or a stack without one, is not in it.</summary>
/// <param name="By">How many told it.</param>
/// <param name="Running">How many stacks run.</param>
/// <param name="Most">The ids of those that use the most, the largest first.</param>
public sealed record MemoryTold(long Bytes, int By, int Running, IReadOnlyList<(string StackId, long Bytes)> Most)
{
    private const int Shown = 10;

    /// <summary>Older than this it is not true any more.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(15);

    public static MemoryTold Of(IReadOnlyList<string> running, IStackGates gates, DateTimeOffset now)
    {
        var told = running.Select(id => (Id: id, Told: gates.LastTold(id)))
            .Where(t => t.Told is { MemoryBytes: not null } && now - t.Told.ToldAt < Fresh)
            .Select(t => (t.Id, Bytes: t.Told!.MemoryBytes!.Value)).ToList();
        return new MemoryTold(told.Sum(t => t.Bytes), told.Count, running.Count, [.. told.OrderByDescending(t => t.Bytes).Take(Shown)]);
    }
}
