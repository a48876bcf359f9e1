using AiStackDeployer.Core.Naming;

namespace AiStackDeployer.Core.Persistence;

/// <summary>A name that an open form holds until a moment; past it the row means nothing.</summary>
public sealed class NameHoldRow
{
    public required StackName Name { get; init; }

    public required string HolderId { get; set; }

    public required string OwnerId { get; set; }

    public required DateTimeOffset Until { get; set; }
}
