using System.Security.Cryptography;

namespace AiStackDeployer.LogIngest.Settings;

/// <summary>
/// The key that portal and ingest share, where nobody has set one: made at the first start in the file that <c>LOG_INGEST_KEY_FILE</c>
/// names, on a volume that the portal reads. So logs need no setting.
/// </summary>
internal static class SharedKey
{
    /// <summary>Makes the file when there is none. What prevents it is told by the reading of settings, which comes next.</summary>
    public static void MakeIfMissing(Func<string, string?> environment)
    {
        if (!string.IsNullOrWhiteSpace(environment("LOG_INGEST_KEY")) || environment("LOG_INGEST_KEY_FILE") is not { Length: > 0 } path || File.Exists(path))
        {
            return;
        }
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }
            using var file = new StreamWriter(path, options);
            file.Write(RandomNumberGenerator.GetHexString(64, lowercase: true));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Among them: another ingest made it in this moment.
        }
    }
}
