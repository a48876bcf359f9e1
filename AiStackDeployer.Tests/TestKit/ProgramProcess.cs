using System.Diagnostics;
using System.Globalization;

namespace AiStackDeployer.Tests.TestKit;

/// <summary>
/// One of our programs as an operating system's process, from its own project's output. Always ended when disposed of, by its id.
/// </summary>
internal sealed class ProgramProcess : IAsyncDisposable
{
    /// <summary>What an environment around the tests must not bring into a program.</summary>
    private static readonly string[] Ours = ["DOKPLOY_", "STACK_", "EMULATOR_", "ASPNETCORE_", "METRICS_", "OTEL_", "DOTNET_ENVIRONMENT", "PORT", "HOST", "DATA_DIR", "TRAEFIK_IP", "BACKUP_", "HETZNER_", "SECRETS_DIR",
        "DATABASE_URL", "ConnectionStrings", "KEY_RING_", "PUBLIC_URL", "ALLOWED_HOSTS", "STACKS_", "LIMIT_", "AUTH", "OIDC_"];

    private readonly Process _process;
    private readonly OutputLines _output = new();
    private readonly OutputLines _printed = new();
    private readonly Task _reading;

    private ProgramProcess(Process process)
    {
        _process = process;
        _reading = Task.WhenAll(ReadAsync(process.StandardOutput, _output, _printed), ReadAsync(process.StandardError, _output)).ContinueWith(
            _ => _output.End(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    /// <summary>All it has written, for a failing test.</summary>
    public string Output => _output.All;

    /// <summary>Of that, what went to standard output.</summary>
    public string Printed => _printed.All;

    public int ExitCode => _process.ExitCode;

    /// <param name="folder">Where it is started; nothing of ours lies there, so no <c>.env</c> of a developer counts.</param>
    public static ProgramProcess Start(
        string project, string folder, IReadOnlyDictionary<string, string> environment, params IEnumerable<string> arguments) =>
        Start("dotnet", [DllOf(project), .. arguments], folder, environment);

    /// <summary>The same, with a standard input to write to: <see cref="Tell"/>.</summary>
    public static ProgramProcess StartListening(string project, string folder, IReadOnlyDictionary<string, string> environment) =>
        Start("dotnet", [DllOf(project)], folder, environment, hasInput: true);

    /// <summary>Any program, without what an environment around the tests would bring into ours.</summary>
    public static ProgramProcess Start(
        string program, IEnumerable<string> arguments, string folder, IReadOnlyDictionary<string, string> environment, bool hasInput = false)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = hasInput,
        };
        foreach (var key in start.Environment.Keys.Where(IsOurs).ToList())
        {
            start.Environment.Remove(key);
        }
        foreach (var (key, value) in environment)
        {
            start.Environment[key] = value;
        }
        return new ProgramProcess(Process.Start(start) ?? throw new InvalidOperationException(program));
    }

    /// <summary>A line for its standard input; lost when it has ended.</summary>
    public void Tell(string line)
    {
        try
        {
            _process.StandardInput.WriteLine(line);
            _process.StandardInput.Flush();
        }
        catch (IOException) when (_process.HasExited)
        {
            // Nobody reads it any more.
        }
    }

    /// <summary>The first line with this in it, written already or yet to come; null = the program ended without.</summary>
    public Task<string?> FindLineAsync(string part, CancellationToken cancellationToken) => _output.FindAsync(part, cancellationToken);

    /// <summary>The first line with this in it, written already or yet to come.</summary>
    public async Task<string> LineAsync(string part, CancellationToken cancellationToken)
    {
        var line = await FindLineAsync(part, cancellationToken);
        Assert.True(line is not null, $"The program ended without '{part}':\n{Output}");
        return line;
    }

    /// <summary>SIGKILL: the program gets no chance to do anything any more.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>SIGTERM, as a container's stop; returns when the program has ended by itself.</summary>
    public async Task TerminateAsync()
    {
        await AskToStopAsync();
        await EndAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>SIGTERM; the program has heard it and may still be at work.</summary>
    public Task AskToStopAsync() => SignalAsync("TERM");

    /// <summary>Nothing of it runs any more, and nobody is told: as on a machine that swaps, or a virtual one that is moved.</summary>
    public Task PauseAsync() => SignalAsync("STOP");

    public Task ResumeAsync() => SignalAsync("CONT");

    /// <summary>Until it has ended by itself; its exit code.</summary>
    public async Task<int> EndAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        await _reading;
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }
        await _process.WaitForExitAsync(CancellationToken.None);
        await _reading;
        _process.Dispose();
    }

    /// <summary>Whether a variable of the environment would say something to one of our programs.</summary>
    public static bool IsOurs(string key) => Ours.Any(o => key.StartsWith(o, StringComparison.Ordinal));

    public static string DllOf(string project)
    {
        // …/AiStackDeployer.Tests/bin/{configuration}/{framework}/: the other projects lie beside it, built alike.
        var framework = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var configuration = framework.Parent!;
        var root = configuration.Parent!.Parent!.Parent!.FullName;
        return Path.Combine(root, project, "bin", configuration.Name, framework.Name, project + ".dll");
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    private static async Task ReadAsync(StreamReader reader, params OutputLines[] all)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            foreach (var lines in all)
            {
                lines.Add(line);
            }
        }
    }

    private sealed class OutputLines
    {
        private readonly Lock _lock = new();
        private readonly List<string> _lines = [];
        private TaskCompletionSource _news = New();
        private bool _ended;

        public string All
        {
            get
            {
                lock (_lock)
                {
                    return string.Join('\n', _lines);
                }
            }
        }

        public void Add(string line) => Change(() => _lines.Add(line));

        public void End() => Change(() => _ended = true);

        public async Task<string?> FindAsync(string part, CancellationToken cancellationToken)
        {
            while (true)
            {
                Task news;
                lock (_lock)
                {
                    if (_lines.Find(l => l.Contains(part, StringComparison.Ordinal)) is { } found)
                    {
                        return found;
                    }
                    if (_ended)
                    {
                        return null;
                    }
                    news = _news.Task;
                }
                await news.WaitAsync(cancellationToken);
            }
        }

        private void Change(Action change)
        {
            lock (_lock)
            {
                change();
                _news.SetResult();
                _news = New();
            }
        }

        private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
