using AiStackDeployer.StackGate.Supervision;

namespace AiStackDeployer.StackGate;

/// <summary>The gate of one stack: the only listener of its container, in front of OpenCode and the web terminal.</summary>
internal static class GateProgram
{
    /// <summary>The settings are wrong; a restart would not help.</summary>
    private const int WrongSettings = 78;

    public static async Task<int> Main()
    {
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
        LinuxCalls.ForbidReading();
        await using var gate = GateHost.Build(options, TimeProvider.System, new SystemPrograms(options.Workspace, Console.Out));
        try
        {
            await gate.RunAsync();
        }
        catch (IOException e)
        {
            await Console.Error.WriteLineAsync($"gate: cannot listen on port {options.Port}: {e.Message}");
            return 1;
        }
        return gate.Services.GetRequiredService<GateEnd>().ExitCode;
    }
}
