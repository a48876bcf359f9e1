using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiStackDeployer.Core.Notices;

/// <summary>By which way a person is told.</summary>
public enum NoticeWay
{
    Email,
    Webhook,
}

/// <summary>Where a person's webhook is.</summary>
/// <param name="ProtectedAddress">Encrypted: many such addresses are secrets themselves.</param>
/// <param name="ProtectedSecret">What messages are signed with, encrypted.</param>
public sealed record WebhookTarget(string ProtectedAddress, string ProtectedSecret)
{
    /// <summary>Without the secrets: a record's own text would print them.</summary>
    public override string ToString() => nameof(WebhookTarget);
}

/// <summary>How a person wants to be told of what happens to their stacks.</summary>
public sealed record NoticePreferences
{
    public static NoticePreferences None { get; } = new();

    /// <summary>What people are told by e-mail who have chosen nothing.</summary>
    public static IReadOnlyList<NoticeKind> DefaultEmailKinds { get; } = [NoticeKind.Failure, NoticeKind.Silence, NoticeKind.Deletion];

    /// <summary>As their identity provider told at the last sign-in; null = it told none.</summary>
    public string? Email { get; init; }

    /// <summary>The language that the person last used, such as <c>nl</c>.</summary>
    public string? Language { get; init; }

    /// <summary>Null = the person has chosen nothing.</summary>
    public IReadOnlyList<NoticeKind>? EmailKinds { get; init; }

    public WebhookTarget? Webhook { get; init; }

    public IReadOnlyList<NoticeKind> WebhookKinds { get; init; } = [];

    public bool Wants(NoticeWay way, NoticeKind kind) => KindsOf(way).Contains(kind);

    public IReadOnlyList<NoticeKind> KindsOf(NoticeWay way) => way == NoticeWay.Email ? EmailKinds ?? DefaultEmailKinds : WebhookKinds;

    /// <summary>Without the address: logs need none.</summary>
    public override string ToString() => nameof(NoticePreferences);
}

/// <summary>What people have chosen, and what waits to be delivered to them.</summary>
/// <exception cref="Deployments.StorageUnavailableException">Any of these: the database cannot be used now.</exception>
public sealed class NoticeStore(IPortalValues values)
{
    private const string CursorKey = "notices-cursor";
    private const string BoxPrefix = "notices-box:";

    /// <summary>Who changed what no person did.</summary>
    private const string Portal = "portal";

    public async Task<NoticePreferences> ReadAsync(string personId, CancellationToken cancellationToken) =>
        Parse(await values.ReadAsync(PreferencesKey(personId), cancellationToken), NoticeJsonContext.Default.NoticePreferences) ?? NoticePreferences.None;

    public async Task<NoticePreferences> ChangeAsync(string personId, Func<NoticePreferences, NoticePreferences> change, CancellationToken cancellationToken)
    {
        var changed = NoticePreferences.None;
        await values.ChangeAsync(
            PreferencesKey(personId),
            json =>
            {
                changed = change(Parse(json, NoticeJsonContext.Default.NoticePreferences) ?? NoticePreferences.None);
                return JsonSerializer.Serialize(changed, NoticeJsonContext.Default.NoticePreferences);
            },
            personId, cancellationToken);
        return changed;
    }

    /// <summary>All boxes with something in them, by person.</summary>
    public async Task<IReadOnlyDictionary<string, NoticeBox>> ListBoxesAsync(CancellationToken cancellationToken) =>
        (await values.ListAsync(BoxPrefix, cancellationToken)).ToDictionary(
            stored => stored.Key[BoxPrefix.Length..], stored => Parse(stored.Value, NoticeJsonContext.Default.NoticeBox) ?? NoticeBox.Empty);

    public async Task<NoticeBox> ReadBoxAsync(string personId, CancellationToken cancellationToken) =>
        Parse(await values.ReadAsync(BoxPrefix + personId, cancellationToken), NoticeJsonContext.Default.NoticeBox) ?? NoticeBox.Empty;

    /// <summary>Reads, lets <paramref name="change"/> act and stores, alone with this box.</summary>
    internal Task ChangeBoxAsync(string personId, Func<NoticeBox, NoticeBox> change, CancellationToken cancellationToken) => values.ChangeAsync(
        BoxPrefix + personId,
        json =>
        {
            var before = Parse(json, NoticeJsonContext.Default.NoticeBox) ?? NoticeBox.Empty;
            var after = change(before);
            return ReferenceEquals(after, before) ? json : after.IsEmpty ? null : JsonSerializer.Serialize(after, NoticeJsonContext.Default.NoticeBox);
        },
        Portal, cancellationToken);

    /// <summary>Up to when all that happened is in the boxes; null = no round was ever run.</summary>
    internal async Task<DateTimeOffset?> ReadCursorAsync(CancellationToken cancellationToken) => CursorOf(await values.ReadAsync(CursorKey, cancellationToken));

    /// <summary>Never back: a round that was paused and overtaken may come late.</summary>
    internal Task AdvanceAsync(DateTimeOffset to, CancellationToken cancellationToken) => values.ChangeAsync(
        CursorKey, json => CursorOf(json) >= to ? json : JsonSerializer.Serialize(to, NoticeJsonContext.Default.DateTimeOffset), Portal, cancellationToken);

    private static string PreferencesKey(string personId) => $"notices:{personId}";

    private static DateTimeOffset? CursorOf(string? json) => json is null ? null : JsonSerializer.Deserialize(json, NoticeJsonContext.Default.DateTimeOffset);

    private static T? Parse<T>(string? json, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) where T : class =>
        json is null ? null : JsonSerializer.Deserialize(json, type);
}

[JsonSourceGenerationOptions(UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(NoticePreferences))]
[JsonSerializable(typeof(NoticeBox))]
[JsonSerializable(typeof(DateTimeOffset))]
internal sealed partial class NoticeJsonContext : JsonSerializerContext;
