namespace AiStackDeployer.Core.Backup;

/// <summary>Why a backup or a restore did not take place.</summary>
public enum BackupFault
{
    /// <summary>There is nothing to back up.</summary>
    NoData,

    /// <summary>A portal runs on the data, or somebody else reads it.</summary>
    InUse,

    /// <summary>Something is there already that would be replaced.</summary>
    Exists,

    /// <summary>The file cannot be read, is no backup, or is not whole.</summary>
    BadFile,

    /// <summary>The data is of a newer version of the program.</summary>
    TooNew,

    /// <summary>The database itself is damaged.</summary>
    Damaged,

    DiskFull,

    NotPermitted,

    /// <summary>Another trouble with the disk.</summary>
    Storage,
}

/// <summary>No backup was made, or nothing was restored. The message is for the operator and holds no secret.</summary>
public sealed class BackupException(BackupFault fault, string message, Exception? inner = null) : Exception(message, inner)
{
    public BackupFault Fault { get; } = fault;
}
