using AiStackDeployer.Web.Settings;
using Microsoft.Win32.SafeHandles;

namespace AiStackDeployer.Web.Composition;

/// <summary>What a command reads and writes; a test brings its own.</summary>
internal sealed record CommandConsole(
    Func<IConfiguration> ReadSettings, TextWriter Out, TextWriter Error, Func<Stream> OpenInput, Func<Stream> OpenOutput)
{
    /// <param name="command">Named when it is asked to use a terminal as a file.</param>
    public static CommandConsole Of(string command) => new(
        PortalConfiguration.Read,
        Console.Out,
        Console.Error,
        () => Console.IsInputRedirected
            ? Console.OpenStandardInput()
            : throw new DataCommandException($"Standard input is a terminal: send a backup into it, as in `age --decrypt … | {command} -`."),
        () => Console.IsOutputRedirected
            ? OpenStandardOutput()
            : throw new DataCommandException("Standard output is a terminal: send it into a file or a pipe."));

    /// <summary>The console's own stream reports success when its reader has gone.</summary>
    private static Stream OpenStandardOutput() => OperatingSystem.IsWindows()
        ? Console.OpenStandardOutput()
        : new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
}
