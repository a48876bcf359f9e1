using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AiStackDeployer.Core.Deployments;

namespace AiStackDeployer.Core.Notices;

/// <summary>What a person chooses to be told of, for each way.</summary>
public enum NoticeKind
{
    /// <summary>An operation on a stack failed.</summary>
    Failure,

    /// <summary>A stack has not answered for a while.</summary>
    Silence,

    /// <summary>A stack will be stopped because nobody uses it.</summary>
    Stop,

    /// <summary>A stack will be deleted, or was.</summary>
    Deletion,

    /// <summary>A stack was updated, or could not be.</summary>
    Update,
}

/// <summary>
/// What happened. To add one: a member here, its kind below, two sentences in <c>NoticeTexts</c>, and the place where it is read (<see cref="NoticeRule"/>, or
/// an <see cref="INoticeSource"/> of its own).
/// </summary>
public enum NoticeCause
{
    OperationFailed,
    NotAnswering,
    StopAnnounced,

    /// <summary>Nobody uses it, so it will be stopped and then removed.</summary>
    DeletionAnnounced,

    /// <summary>It is stopped, and will be removed for good.</summary>
    DeletionScheduled,

    /// <summary>It was removed for good, by the portal or an administrator.</summary>
    Deleted,

    /// <summary>An administrator deployed it again.</summary>
    Updated,

    UpdateFailed,
}

public static class NoticeKinds
{
    public static NoticeKind Of(NoticeCause cause) => cause switch
    {
        NoticeCause.OperationFailed => NoticeKind.Failure,
        NoticeCause.NotAnswering => NoticeKind.Silence,
        NoticeCause.StopAnnounced => NoticeKind.Stop,
        NoticeCause.DeletionAnnounced or NoticeCause.DeletionScheduled or NoticeCause.Deleted => NoticeKind.Deletion,
        NoticeCause.Updated or NoticeCause.UpdateFailed => NoticeKind.Update,
        _ => throw new ArgumentOutOfRangeException(nameof(cause), cause, null),
    };

    public static string ToWire(this NoticeCause cause) => JsonNamingPolicy.KebabCaseLower.ConvertName(cause.ToString());
}

/// <summary>Something that the owner of a stack may want to be told.</summary>
/// <param name="OwnerId">Whose the stack is.</param>
/// <param name="At">When it happened. With cause and stack it makes the id.</param>
public sealed record Notice(NoticeCause Cause, string StackId, string StackName, string OwnerId, DateTimeOffset At)
{
    /// <summary>When what is announced will be done.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>The operation's name where it is about one.</summary>
    public string? Operation { get; init; }

    public string? DeploymentId { get; init; }

    public FailureCode? Failure { get; init; }

    /// <summary>The image that the stack got.</summary>
    public string? Image { get; init; }

    /// <summary>The same for the same happening, however often it is read.</summary>
    public string Id => IdOf($"{Subject}:{At.ToUnixTimeMilliseconds()}");

    /// <summary>One stack and one cause: told once an hour at most.</summary>
    internal string Subject => $"{Cause}:{StackId}";

    internal static string IdOf(string text) => "ntc_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..32];
}

/// <summary>Finds what happened. All that are registered are read in each round.</summary>
/// <exception cref="StorageUnavailableException">The database cannot be used now.</exception>
public interface INoticeSource
{
    /// <summary>What happened after <paramref name="since"/> and not after <paramref name="until"/>. The same time may be read again.</summary>
    Task<IReadOnlyList<Notice>> ReadAsync(DateTimeOffset since, DateTimeOffset until, CancellationToken cancellationToken);
}

/// <summary>Whose stacks are now: one may have been handed over since something happened to it.</summary>
/// <exception cref="StorageUnavailableException">The database cannot be used now.</exception>
public interface IStackOwners
{
    /// <summary>By the stacks' ids; also of stacks that are gone.</summary>
    Task<IReadOnlyDictionary<string, string>> OwnersAsync(IReadOnlyCollection<string> stackIds, CancellationToken cancellationToken);
}
