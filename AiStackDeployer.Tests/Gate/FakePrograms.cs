using System.Collections.Concurrent;
using System.Threading.Channels;
using AiStackDeployer.StackGate.Supervision;

namespace AiStackDeployer.Tests.Gate;

/// <summary>Programs that run nothing: the test ends them, or they end when they are asked to.</summary>
internal sealed class FakePrograms : IPrograms
{
    private readonly ConcurrentDictionary<string, Channel<FakeProgram>> _started = new();
    private readonly ConcurrentQueue<FakeProgram> _all = new();

    /// <summary>A command that does not end on SIGTERM.</summary>
    public const string Stubborn = "stubborn";

    public IReadOnlyCollection<FakeProgram> All => _all;

    public IProgram Start(string name, string command, ChildEnvironment environment)
    {
        var program = new FakeProgram(command == Stubborn);
        _all.Enqueue(program);
        Of(name).Writer.TryWrite(program);
        return program;
    }

    /// <summary>The next one that is started, or has been since the last question.</summary>
    public ValueTask<FakeProgram> NextAsync(string name) => Of(name).Reader.ReadAsync(TestContext.Current.CancellationToken);

    private Channel<FakeProgram> Of(string name) => _started.GetOrAdd(name, static _ => Channel.CreateUnbounded<FakeProgram>());
}

internal sealed class FakeProgram(bool stubborn) : IProgram
{
    private readonly TaskCompletionSource<int> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool WasTerminated { get; private set; }

    public bool WasKilled { get; private set; }

    public Task<int> Ended => _ended.Task;

    public void End(int code) => _ended.TrySetResult(code);

    public void Terminate()
    {
        WasTerminated = true;
        if (!stubborn)
        {
            End(143);
        }
    }

    public void Kill()
    {
        WasKilled |= !_ended.Task.IsCompleted;
        End(137);
    }

    public void Dispose()
    {
    }
}
