using System.Text.Json;
using System.Text.Json.Serialization;
using AiStackDeployer.Core;

namespace AiStackDeployer.Web.Components.Admin;

/// <summary>Filters that a person has given a name.</summary>
/// <param name="Query">As in the address, from the question mark on.</param>
internal sealed record SavedView(string Name, string Query);

/// <summary>The saved views of one person, among the portal's values.</summary>
internal static class SavedViewStore
{
    public const int Most = 20;

    public static async Task<IReadOnlyList<SavedView>> ReadAsync(IPortalValues values, string person, CancellationToken cancellationToken) =>
        await values.ReadAsync(KeyOf(person), cancellationToken) is { } json
            ? JsonSerializer.Deserialize(json, SavedViewJsonContext.Default.IReadOnlyListSavedView) ?? []
            : [];

    public static Task WriteAsync(IPortalValues values, string person, IReadOnlyList<SavedView> views, CancellationToken cancellationToken) =>
        values.WriteAsync(KeyOf(person), views.Count == 0 ? null : JsonSerializer.Serialize(views, SavedViewJsonContext.Default.IReadOnlyListSavedView), person, cancellationToken);

    private static string KeyOf(string person) => $"view:{person}";
}

[JsonSerializable(typeof(IReadOnlyList<SavedView>))]
internal sealed partial class SavedViewJsonContext : JsonSerializerContext;
