using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using AiStackDeployer.Core.Deployments;

namespace AiStackDeployer.Core.Care;

/// <summary>
/// What administrators decide for the whole portal. Kept for a moment, so that thousands of pages and calls cost one look at the database;
/// a change made here is known at once, one made by another portal at the next look.
/// </summary>
public sealed class PortalCare(IPortalValues values, TimeProvider time) : IDisposable
{
    /// <summary>How old what is kept may be.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);

    /// <summary>How often an open page looks.</summary>
    public static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    private const string MaintenanceKey = "maintenance";
    private const string NoticeKey = "notice";
    private const string PoliciesKey = "policies";

    // A look that began before a change must not put the old value back.
    private readonly SemaphoreSlim _one = new(1, 1);
    private Kept? _kept;
    private TaskCompletionSource _changed = NewSignal();

    /// <summary>Null while there is none.</summary>
    /// <exception cref="StorageUnavailableException">Nothing is known.</exception>
    public async Task<Maintenance?> FindMaintenanceAsync(CancellationToken cancellationToken) =>
        (await ReadAsync(cancellationToken)).Maintenance is { } maintenance && time.GetUtcNow() < maintenance.Until ? maintenance : null;

    /// <summary>Also one that has not begun or is over; null = there is none.</summary>
    /// <exception cref="StorageUnavailableException">Nothing is known.</exception>
    public async Task<PortalNotice?> FindNoticeAsync(CancellationToken cancellationToken) => (await ReadAsync(cancellationToken)).Notice;

    /// <exception cref="StorageUnavailableException">Nothing is known.</exception>
    public async Task<StackPolicies> ReadPoliciesAsync(CancellationToken cancellationToken) => (await ReadAsync(cancellationToken)).Policies;

    /// <param name="maintenance">Null = it ends.</param>
    /// <exception cref="StorageUnavailableException">Nothing was changed.</exception>
    public Task SetMaintenanceAsync(Maintenance? maintenance, string changedBy, CancellationToken cancellationToken) =>
        WriteAsync(MaintenanceKey, maintenance, CareJsonContext.Default.Maintenance, changedBy, cancellationToken);

    /// <param name="notice">Null = it is taken away.</param>
    /// <exception cref="StorageUnavailableException">Nothing was changed.</exception>
    public Task SetNoticeAsync(PortalNotice? notice, string changedBy, CancellationToken cancellationToken) =>
        WriteAsync(NoticeKey, notice, CareJsonContext.Default.PortalNotice, changedBy, cancellationToken);

    /// <exception cref="StorageUnavailableException">Nothing was changed.</exception>
    public Task SetPoliciesAsync(StackPolicies policies, string changedBy, CancellationToken cancellationToken) =>
        WriteAsync(PoliciesKey, policies, CareJsonContext.Default.StackPolicies, changedBy, cancellationToken);

    public async Task<bool> IsDismissedAsync(PortalNotice notice, string personId, CancellationToken cancellationToken) =>
        await values.ReadAsync(DismissedKey(personId), cancellationToken) is { } json
        && JsonSerializer.Deserialize(json, CareJsonContext.Default.String) == notice.Id;

    public Task DismissAsync(PortalNotice notice, string personId, CancellationToken cancellationToken) =>
        values.WriteAsync(DismissedKey(personId), JsonSerializer.Serialize(notice.Id, CareJsonContext.Default.String), personId, cancellationToken);

    /// <summary>What stands at the top of every page now.</summary>
    /// <exception cref="StorageUnavailableException">Nothing is known.</exception>
    public async Task<Announcement> ReadAnnouncementAsync(CancellationToken cancellationToken)
    {
        var kept = await ReadAsync(cancellationToken);
        var now = time.GetUtcNow();
        return new Announcement(
            kept.Maintenance is { } maintenance && now < maintenance.Until ? maintenance : null,
            kept.Notice is { } notice && notice.From <= now && now < notice.Until ? notice : null);
    }

    /// <summary>The announcement of now and each later one, within a second of a change made here. Ends with its token alone.</summary>
    public async IAsyncEnumerable<Announcement> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Announcement? told = null;
        while (true)
        {
            // Before the look: a change after it is then seen in the next round.
            var changed = Volatile.Read(ref _changed).Task;
            var now = told;
            try
            {
                now = await ReadAnnouncementAsync(cancellationToken);
            }
            catch (StorageUnavailableException)
            {
                // What was told stays until the next look.
            }
            if (now is not null && now != told)
            {
                told = now;
                yield return now;
            }
            await changed.WaitAsync(LookEvery, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    public void Dispose() => _one.Dispose();

    private static string DismissedKey(string personId) => $"notice-dismissed:{personId}";

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task<Kept> ReadAsync(CancellationToken cancellationToken)
    {
        if (KeptNow() is { } fresh)
        {
            return fresh;
        }
        await _one.WaitAsync(cancellationToken);
        try
        {
            return KeptNow() ?? (_kept = new Kept(
                await ReadAsync(MaintenanceKey, CareJsonContext.Default.Maintenance, cancellationToken),
                await ReadAsync(NoticeKey, CareJsonContext.Default.PortalNotice, cancellationToken),
                await ReadAsync(PoliciesKey, CareJsonContext.Default.StackPolicies, cancellationToken) ?? StackPolicies.None,
                time.GetUtcNow()));
        }
        finally
        {
            _one.Release();
        }
    }

    private Kept? KeptNow() => Volatile.Read(ref _kept) is { } kept && time.GetUtcNow() - kept.ReadAt < Fresh ? kept : null;

    private async Task<T?> ReadAsync<T>(string key, JsonTypeInfo<T> type, CancellationToken cancellationToken) where T : class =>
        await values.ReadAsync(key, cancellationToken) is { } json ? JsonSerializer.Deserialize(json, type) : null;

    private async Task WriteAsync<T>(string key, T? value, JsonTypeInfo<T> type, string changedBy, CancellationToken cancellationToken) where T : class
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            await values.WriteAsync(key, value is null ? null : JsonSerializer.Serialize(value, type), changedBy, cancellationToken);
            Volatile.Write(ref _kept, null);
        }
        finally
        {
            _one.Release();
        }
        Interlocked.Exchange(ref _changed, NewSignal()).SetResult();
    }

    private sealed record Kept(Maintenance? Maintenance, PortalNotice? Notice, StackPolicies Policies, DateTimeOffset ReadAt);
}

[JsonSourceGenerationOptions(UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Maintenance))]
[JsonSerializable(typeof(PortalNotice))]
[JsonSerializable(typeof(StackPolicies))]
[JsonSerializable(typeof(string))]
internal sealed partial class CareJsonContext : JsonSerializerContext;
