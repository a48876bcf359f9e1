using System.Runtime.InteropServices;

namespace AiStackDeployer.DokployEmulator;

/// <summary>The emulator as a process. Not called Program: a test project that knows the portal too would find two of that name.</summary>
internal static class EmulatorProgram
{
    public static async Task<int> Main(string[] args)
    {
        EmulatorOptions options;
        try
        {
            options = CommandLine.Parse(args);
        }
        catch (FormatException problem)
        {
            await Console.Error.WriteLineAsync(problem.Message + Environment.NewLine + CommandLine.Usage);
            return 2;
        }

        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

        await using var emulator = await DokployEmulatorHost.StartAsync(options, TimeProvider.System, CancellationToken.None);
        Console.WriteLine($"emulator key {emulator.ApiKey}");
        Console.WriteLine($"emulator page {emulator.ApiUrl}emulator");

        // Tests wait for this line; it comes last and when both listeners are open.
        Console.WriteLine($"emulator api {emulator.ApiUrl.ToString().TrimEnd('/')} stacks {emulator.StacksUrl.ToString().TrimEnd('/')}");
        await stop.Task;
        return 0;

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.TrySetResult();
        }
    }
}
