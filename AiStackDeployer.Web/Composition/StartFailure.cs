using System.Net.Sockets;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Persistence;
using AiStackDeployer.Core.Persistence.Sqlite;
using AiStackDeployer.Web.Components;
using AiStackDeployer.Web.Settings;
using Microsoft.AspNetCore.Connections;

namespace AiStackDeployer.Web.Composition;

/// <summary>Why the portal cannot start, for the operator who reads its last line; anything else is a fault of ours and keeps its trace.</summary>
/// <param name="ExitCode">2 = settings, 3 = storage, 6 = the program itself is incomplete (4 and 5 are the commands' own).</param>
internal sealed record StartFailure(int ExitCode, string Sentence)
{
    public const int Settings = 2;
    public const int Storage = 3;
    public const int Incomplete = 6;

    public static StartFailure? Of(Exception e) => e switch
    {
        SettingsException => new StartFailure(Settings, e.Message),
        // What stands in the file is not repeated: it may be a secret.
        InvalidDataException { InnerException: FormatException } => new StartFailure(
            Settings, "The portal cannot start: appsettings.json is not readable as JSON. Look for a missing comma or quote."),
        _ when Has<AddressInUseException>(e) => new StartFailure(
            // Kestrel's own sentence, which names the address.
            Settings, $"The portal cannot start: {Find<IOException>(e)?.Message} Set PORT or METRICS_PORT to a free one."),
        _ when Has<SocketException>(e) => new StartFailure(
            Settings, $"The portal cannot start: it may not listen at HOST and PORT, or at METRICS_HOST and METRICS_PORT ({Find<SocketException>(e)!.SocketErrorCode})."),
        // The framework's, of a program that was built and not published: it looks for its pages' files where the build had them.
        DirectoryNotFoundException => new StartFailure(
            Incomplete, $"The portal cannot start: its pages' files are looked for in {e.Message}, which is not there. Publish the program to run it elsewhere."),
        PageAssetsMissingException => new StartFailure(Incomplete, $"The portal cannot start: {e.Message}"),
        DataFolderInUseException or DatabaseTooNewException => new StartFailure(Storage, $"The portal cannot start: {e.Message}"),
        StorageUnavailableException => new StartFailure(Storage, $"The portal cannot start: {e.Message}\nThe database is portal.db in DATA_DIR, or what ConnectionStrings__Portal or DATABASE_URL names."),
        DataFolderUnusableException => new StartFailure(Storage, $"The portal cannot start: {e.Message}\nDATA_DIR must name a folder that it may write."),
        // Whatever else the machine does not give; the message is its own, and nothing is guessed.
        UnauthorizedAccessException or IOException or InvalidDataException => new StartFailure(Storage, $"The portal cannot start: {e.Message}"),
        _ => null,
    };

    private static bool Has<T>(Exception e) where T : Exception => Find<T>(e) is not null;

    private static T? Find<T>(Exception? e) where T : Exception => e is null ? null : e as T ?? Find<T>(e.InnerException);
}
