namespace AiStackDeployer.StackGate.Supervision;

/// <summary>Starts programs: the machine's own, or a test's.</summary>
internal interface IPrograms
{
    IProgram Start(string name, string command, ChildEnvironment environment);
}

/// <summary>A program that was started, together with everything it started itself.</summary>
internal interface IProgram : IDisposable
{
    /// <summary>Its exit code.</summary>
    Task<int> Ended { get; }

    /// <summary>Asks all of it to end.</summary>
    void Terminate();

    /// <summary>Ends whatever is left of it.</summary>
    void Kill();
}

internal static class Programs
{
    /// <summary>Asks for its end, and enforces it when the grace is over.</summary>
    public static async Task EndAsync(this IProgram program, TimeSpan grace, TimeProvider time)
    {
        program.Terminate();
        await Task.WhenAny(program.Ended, Task.Delay(grace, time, CancellationToken.None));
        program.Kill();
        await program.Ended;
    }
}
