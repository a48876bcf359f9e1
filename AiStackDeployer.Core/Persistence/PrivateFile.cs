namespace AiStackDeployer.Core.Persistence;

/// <summary>Files and folders that only their owner may read, from their first moment on.</summary>
internal static class PrivateFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>For this process alone: another one that opens it is refused.</summary>
    public static FileStream Open(string path, FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }
        return new FileStream(path, options);
    }

    /// <summary>For programs that would make it as readable as the umask lets them: from now on it is there, and its owner's alone.</summary>
    public static void Ensure(string path)
    {
        if (!File.Exists(path))
        {
            Open(path, FileMode.OpenOrCreate).Dispose();
        }
        else
        {
            CloseToOthers(path);
        }
    }

    /// <summary>Leaves its owner's rights as they are.</summary>
    public static void CloseToOthers(string path)
    {
        if (!OperatingSystem.IsWindows() && IsOpenToOthers(path))
        {
            try
            {
                File.SetUnixFileMode(path, File.GetUnixFileMode(path) & ~Others);
            }
            catch (Exception e) when (e is UnauthorizedAccessException or IOException)
            {
                // Somebody else's, which this process may write: its mode is theirs, too. Or it has just gone.
            }
        }
    }

    public static bool IsOpenToOthers(string path)
    {
        try
        {
            return !OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & Others) != 0;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }

    public static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, OwnerOnly | UnixFileMode.UserExecute);
        }
    }
}
