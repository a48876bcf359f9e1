namespace AiStackDeployer.StackGate.Supervision;

internal enum OpenCodeState
{
    Starting,
    Running,
    Failed,
}

/// <param name="Generation">1 or 2; null until it has answered once.</param>
internal sealed record OpenCodeStatus(OpenCodeState State, int? Generation, string? Version, int Restarts);

/// <summary>One life of OpenCode, from its first good answer on.</summary>
/// <param name="Gone">Cancelled when this life ends.</param>
internal sealed record OpenCodeRun(int Generation, string? Version, CancellationToken Gone);

/// <param name="ExitCode">Null when another program runs OpenCode.</param>
/// <param name="Hung">It did not answer any more, and the gate ended it.</param>
/// <param name="Stopping">The gate stops, and this end was asked for.</param>
internal sealed record OpenCodeExit(int? ExitCode, bool Hung, bool Stopping, TimeSpan Lived);

/// <summary>The OpenCode behind this gate: where it is, its own credentials, how it is doing. The supervisor writes, everybody else reads.</summary>
internal sealed class OpenCodeEndpoint(Uri address, string user, string password) : IDisposable
{
    private readonly Lock _lock = new();
    private OpenCodeStatus _status = new(OpenCodeState.Starting, null, null, 0);
    private TaskCompletionSource<OpenCodeRun> _up = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenSource? _life;

    /// <summary>On loopback.</summary>
    public Uri Address => address;

    public string User => user;

    /// <summary>Random for each start of the gate; nobody outside of the container can use it.</summary>
    public string Password => password;

    public OpenCodeStatus Status
    {
        get
        {
            lock (_lock)
            {
                return _status;
            }
        }
    }

    /// <summary>Each end of the program, also of one that never answered.</summary>
    public event Action<OpenCodeExit>? Exited;

    /// <summary>The present life, or the next one when there is none.</summary>
    public Task<OpenCodeRun> WaitUntilUpAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return _up.Task.WaitAsync(cancellationToken);
        }
    }

    public void Up(int generation, string? version)
    {
        lock (_lock)
        {
            if (_status.State == OpenCodeState.Running)
            {
                return;
            }
            _status = _status with { State = OpenCodeState.Running, Generation = generation, Version = version };
            _life = new CancellationTokenSource();
            _up.SetResult(new OpenCodeRun(generation, version, _life.Token));
        }
    }

    /// <param name="next">Starting when it is started again, Failed when the gate gives up.</param>
    public void Down(OpenCodeExit exit, OpenCodeState next)
    {
        CancellationTokenSource? life;
        lock (_lock)
        {
            (life, _life) = (_life, null);
            if (life is not null)
            {
                _up = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }
            _status = _status with { State = next, Restarts = _status.Restarts + (next == OpenCodeState.Starting && !exit.Stopping ? 1 : 0) };
        }
        life?.Cancel();
        life?.Dispose();
        Exited?.Invoke(exit);
    }

    public void Dispose() => _life?.Dispose();
}
