using System.Diagnostics;

namespace AiStackDeployer.StackGate.Supervision;

/// <summary>Programs of this machine, each in a session of its own so that a signal reaches all of it.</summary>
internal sealed class SystemPrograms(string folder, TextWriter output) : IPrograms
{
    private readonly TextWriter _output = TextWriter.Synchronized(output);

    public IProgram Start(string name, string command, ChildEnvironment environment)
    {
        // setsid and exec replace themselves, so the process that was started is the program's own and leads its group.
        var start = new ProcessStartInfo("setsid")
        {
            ArgumentList = { "/bin/sh", "-c", "exec " + command },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Directory.Exists(folder) ? folder : "/",
        };
        start.Environment.Clear();
        foreach (var (variable, value) in environment.Variables)
        {
            start.Environment[variable] = value;
        }
        var process = Process.Start(start)!;
        process.StandardInput.Close();
        var lines = new LineRelay(_output, name + ": ", environment.Secrets);
        _ = lines.CopyAsync(process.StandardOutput);
        _ = lines.CopyAsync(process.StandardError);
        return new SystemProgram(process);
    }

    private sealed class SystemProgram(Process process) : IProgram
    {
        public Task<int> Ended { get; } = WaitAsync(process);

        public void Terminate() => LinuxCalls.SignalGroup(process.Id, LinuxCalls.SigTerm);

        public void Kill()
        {
            // The tree first: a shell that OpenCode opened has left the group, and is only found while OpenCode lives.
            process.Kill(entireProcessTree: true);
            LinuxCalls.SignalGroup(process.Id, LinuxCalls.SigKill);
        }

        public void Dispose() => process.Dispose();

        private static async Task<int> WaitAsync(Process process)
        {
            await process.WaitForExitAsync(CancellationToken.None);
            return process.ExitCode;
        }
    }
}
