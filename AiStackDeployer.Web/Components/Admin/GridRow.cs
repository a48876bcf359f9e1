using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Web.Components.Admin;

/// <summary>
/// The grid keeps a row's elements as long as its item equals the one before. What makes two the same row is the stack and not
/// what is told of it: else each reload would lose the focus, and a press that is halfway down. The sortable properties are
/// named as in <see cref="StackSort"/>.
/// </summary>
internal sealed class GridRow(StackRow shown, string? ownerName) : IEquatable<GridRow>
{
    public StackRow Shown => shown;

    public string Id => shown.Stack.Id;

    public string Name => shown.Stack.Name;

    public string Owner => shown.Stack.OwnerId;

    /// <summary>Null = nobody who has signed in.</summary>
    public string? OwnerName => ownerName;

    public StackState State => shown.Stack.State;

    public DateTimeOffset Created => shown.Stack.CreatedAt;

    public DateTimeOffset Used => shown.UnusedSince;

    public string Image => shown.Stack.Image;

    /// <summary>Image names are long and all alike; the tag is what differs.</summary>
    public string Version => Image.LastIndexOf(':') is var at && at > Image.LastIndexOf('/') ? Image[(at + 1)..] : Image;

    public bool Equals(GridRow? other) => other?.Id == Id;

    public override bool Equals(object? other) => Equals(other as GridRow);

    public override int GetHashCode() => Id.GetHashCode(StringComparison.Ordinal);
}
