namespace AiStackDeployer.Core.Stacks;

/// <summary>
/// The image that a stack should have: what administrators have decided for its owner's role, else what the settings say. New stacks are
/// made of it, a redeploy takes it where no other is asked for, and a stack with another one has an update.
/// </summary>
/// <exception cref="Deployments.StorageUnavailableException">Any of these: nothing is known.</exception>
public interface IStackImages
{
    /// <summary>Of this person's stacks.</summary>
    Task<string> ImageOfAsync(string ownerId, CancellationToken cancellationToken);

    /// <returns>The image of an owner's stacks, by the owner's id.</returns>
    Task<Func<string, string>> ReadImagesAsync(CancellationToken cancellationToken);

    /// <summary>All images that somebody's stacks should have, the settings' own first.</summary>
    Task<IReadOnlyList<string>> ListImagesAsync(CancellationToken cancellationToken);
}
