namespace AiStackDeployer.Core.Persistence;

/// <summary>Files and folders that only their owner may read, from their first moment on.</summary>
internal static class PrivateFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

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
        else if (!OperatingSystem.IsWindows() && File.GetUnixFileMode(path) is var mode && (mode & ~OwnerOnly) != 0)
        {
            try
            {
                File.SetUnixFileMode(path, mode & OwnerOnly);
            }
            catch (UnauthorizedAccessException)
            {
                // Somebody else's file, which this process may write: its mode is theirs, too.
            }
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
