using System.Runtime.InteropServices;

namespace AiStackDeployer.StackGate.Supervision;

internal static partial class LinuxCalls
{
    public const int SigTerm = 15;
    public const int SigKill = 9;

    private const int PrSetDumpable = 4;

    /// <summary>The agent runs as the same user: without this it could read the stack's password from <c>/proc</c>.</summary>
    public static bool ForbidReading() => PrCtl(PrSetDumpable, 0, 0, 0, 0) == 0;

    /// <summary>To every process of a group; to nobody when it has none left.</summary>
    public static void SignalGroup(int group, int signal) => _ = Kill(-group, signal);

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int PrCtl(int option, nuint a, nuint b, nuint c, nuint d);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int pid, int signal);
}
