using AiStackDeployer.Contract;
using AiStackDeployer.StackGate.Supervision;

namespace AiStackDeployer.StackGate;

/// <summary>The gate of one stack: the only listener of its container, in front of OpenCode and the web terminal.</summary>
internal static class GateProgram
{
    /// <summary>The settings are wrong; a restart would not help.</summary>
    private const int WrongSettings = 78;

    public static async Task<int> Main(string[] args)
    {
        if (args is [OwnHealth.Argument])
        {
            return await OwnHealth.AskAsync(Environment.GetEnvironmentVariable("PORT"), GateOptions.DefaultPort);
        }
        var environment = new GateEnvironment(Environment.GetEnvironmentVariable);
        if (environment.Read() is not { } options)
        {
            foreach (var fault in environment.Faults)
            {
                await Console.Error.WriteLineAsync("gate: " + fault);
            }
            return WrongSettings;
        }
        // Before there is any other program: from here on nobody of the same user can read this one's memory and environment.
        if (!LinuxCalls.ForbidReading())
        {
            await Console.Error.WriteLineAsync("gate: the kernel does not let this process keep its memory to itself.");
            return 1;
        }
        await using var gate = GateHost.Build(options, TimeProvider.System, new SystemPrograms(options.Workspace, Console.Out));
        var end = gate.Services.GetRequiredService<GateEnd>();
        try
        {
            await gate.StartAsync();
        }
        catch (IOException e)
        {
            await Console.Error.WriteLineAsync($"gate: cannot listen on port {options.Port}: {e.Message}");
            return 1;
        }
        await gate.WaitForShutdownAsync();
        return end.ExitCode;
    }
}
