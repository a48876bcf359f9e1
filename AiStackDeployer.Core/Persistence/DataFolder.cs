namespace AiStackDeployer.Core.Persistence;

/// <summary>What lies where in <c>DATA_DIR</c>.</summary>
/// <param name="Path">Absolute.</param>
public sealed record DataFolder(string Path)
{
    public string Database => In("portal.db");

    /// <summary>The engine's jobs. May be lost without harm.</summary>
    public string Engine => In("engine.db");

    /// <summary>The keys that open the stacks' passwords and the cookies.</summary>
    public string Keys => In("keys");

    /// <summary>The emulator's world, in Development without a Dokploy.</summary>
    public string Emulator => In("emulator.json");

    internal string Lock => In("portal.lock");

    /// <summary>Where a restore puts everything together before it touches anything. In here, so that a file moves in one step.</summary>
    internal string Staging => In(".restore");

    /// <summary>What SQLite keeps beside a database while it is open, and leaves there when it is killed.</summary>
    public static IEnumerable<string> Companions(string database) => [database + "-wal", database + "-shm", database + "-journal"];

    /// <summary>Whether the portal itself keeps something under this name.</summary>
    public bool Owns(string file)
    {
        var full = System.IO.Path.GetFullPath(file);
        return full == Path || full == Keys || full == Emulator || full == Lock
            || full.StartsWith(Keys + System.IO.Path.DirectorySeparatorChar, StringComparison.Ordinal)
            || full.StartsWith(Database, StringComparison.Ordinal) || full.StartsWith(Engine, StringComparison.Ordinal)
            || full.StartsWith(Staging, StringComparison.Ordinal);
    }

    /// <summary>Makes it where there is none, and closes it to everybody but its owner: the keys in it open everybody's passwords.</summary>
    public void Create()
    {
        PrivateFile.CreateFolder(Path);
        foreach (var path in Contents)
        {
            PrivateFile.CloseToOthers(path);
        }
    }

    /// <summary>What others on this machine may read or write all the same, because it belongs to somebody else.</summary>
    public IReadOnlyList<string> OpenToOthers => Directory.Exists(Path) ? [.. Contents.Where(PrivateFile.IsOpenToOthers)] : [];

    private IEnumerable<string> Contents =>
        [Path, .. Directory.EnumerateFileSystemEntries(Path, "*", new EnumerationOptions { RecurseSubdirectories = true }).Where(Owns)];

    private string In(string name) => System.IO.Path.Combine(Path, name);
}
