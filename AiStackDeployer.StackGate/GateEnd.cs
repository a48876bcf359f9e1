namespace AiStackDeployer.StackGate;

/// <summary>How the program ends: with 0 when it was asked to, else so that the container's engine sees a failure.</summary>
internal sealed class GateEnd(IHostApplicationLifetime lifetime)
{
    public int ExitCode { get; private set; }

    public void Fail()
    {
        ExitCode = 1;
        lifetime.StopApplication();
    }
}
