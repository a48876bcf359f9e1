using System.Text.Json;

namespace AiStackDeployer.DokployEmulator.World;

/// <summary>
/// The world on disk. Written to a neighbour file and renamed, so a killed process leaves either the old or the
/// new world. An answer is only sent after the change behind it is written; changes that pile up while
/// one write is under way share the next.
/// </summary>
internal sealed class StateFile(string path)
{
    private static readonly JsonSerializerOptions Format = new() { WriteIndented = false };
    private readonly Lock _writing = new();
    private long _written;

    public static WorldState? Load(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<WorldState>(File.ReadAllBytes(path), Format);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"The emulator's state file {path} is not readable; move it away to begin with an empty world.", e);
        }
    }

    public static byte[] Serialize(WorldState state) => JsonSerializer.SerializeToUtf8Bytes(state, Format);

    /// <param name="current">Takes the newest version and its bytes, under the world's lock.</param>
    public void Flush(long version, Func<(long Version, byte[] Bytes)> current)
    {
        lock (_writing)
        {
            if (_written >= version)
            {
                return;
            }

            var (newest, bytes) = current();
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            var next = path + ".next";
            File.WriteAllBytes(next, bytes);
            File.Move(next, path, overwrite: true);
            _written = newest;
        }
    }
}
