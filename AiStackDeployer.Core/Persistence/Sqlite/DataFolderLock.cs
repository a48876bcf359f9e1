namespace AiStackDeployer.Core.Persistence.Sqlite;

/// <summary>
/// Held on <c>DATA_DIR</c> for as long as a portal lives or a restore works, so that there is one of them. It is a lock of the
/// operating system on an open file (flock): whatever way the process ends, also by <c>kill -9</c>, the system lets go of it, so
/// nothing stale can be left behind. It also holds between containers that share a volume of one machine.
/// </summary>
public sealed class DataFolderLock : IDisposable
{
    // EWOULDBLOCK on Linux and on macOS, and Windows' sharing violation.
    private static readonly int[] InUse = [11, 35, unchecked((int)0x80070020)];

    private readonly FileStream _file;

    private DataFolderLock(FileStream file) => _file = file;

    /// <exception cref="DataFolderInUseException">Another process has it, or the folder cannot be locked.</exception>
    public static DataFolderLock Take(DataFolder folder)
    {
        var file = TryOpen(folder)
            ?? throw new DataFolderInUseException(
                $"Another portal runs on {folder.Path}, or a restore is at work there. Two on one SQLite database would run every "
                + "deployment twice: stop the other one first.");
        // Some network file systems grant every lock to everybody. A second open of ours must be refused as a stranger's would be.
        using var second = TryOpen(folder);
        if (second is not null)
        {
            file.Dispose();
            throw new DataFolderInUseException(
                $"{folder.Path} lies on a file system without file locks, on which SQLite damages its files sooner or later. Use a local disk.");
        }
        return new DataFolderLock(file);
    }

    // The file stays: to delete a file that others open by its name would let two of them hold a lock each.
    public void Dispose() => _file.Dispose();

    private static FileStream? TryOpen(DataFolder folder)
    {
        try
        {
            return PrivateFile.Open(folder.Lock, FileMode.OpenOrCreate);
        }
        catch (IOException e) when (InUse.Contains(e.HResult))
        {
            return null;
        }
    }
}

/// <summary><c>DATA_DIR</c> belongs to another process now.</summary>
public sealed class DataFolderInUseException(string message) : Exception(message);
