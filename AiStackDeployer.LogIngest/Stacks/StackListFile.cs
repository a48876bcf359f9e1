using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiStackDeployer.LogIngest.Stacks;

/// <summary>A stack, and the hash of the token that its events are sent with.</summary>
internal sealed record KnownStack(string Name, string TokenHash);

/// <summary>What the portal answers.</summary>
internal sealed record StackListAnswer(IReadOnlyList<KnownStack> Stacks);

/// <summary>What is kept of it for when the portal is away.</summary>
internal sealed record SavedStackList(string? Etag, DateTimeOffset FetchedAt, IReadOnlyList<KnownStack> Stacks);

/// <summary>The list in <c>DATA_DIR</c>: replaced as a whole, and readable by the ingest's user alone.</summary>
internal sealed class StackListFile(string folder)
{
    private readonly string _path = Path.Combine(folder, "stacks.json");

    /// <returns>Null when there is none, or none that can be read: the portal has it.</returns>
    public SavedStackList? Load()
    {
        try
        {
            var saved = JsonSerializer.Deserialize(File.ReadAllBytes(_path), StackListJson.Default.SavedStackList);
            return saved is { Stacks: { } stacks } && stacks.All(s => s is { Name: not null, TokenHash: not null }) ? saved : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <exception cref="IOException">The disk is full, for one.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written to.</exception>
    public void Save(SavedStackList list)
    {
        var draft = _path + ".new";
        File.Delete(draft);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }
        using (var file = new FileStream(draft, options))
        {
            JsonSerializer.Serialize(file, list, StackListJson.Default.SavedStackList);
            file.Flush(flushToDisk: true);
        }
        File.Move(draft, _path, overwrite: true);
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(StackListAnswer))]
[JsonSerializable(typeof(SavedStackList))]
internal sealed partial class StackListJson : JsonSerializerContext;
