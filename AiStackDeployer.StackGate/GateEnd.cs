namespace AiStackDeployer.StackGate;

/// <summary>How the program ends: with 0 when it was asked to, else so that the container's engine sees a failure.</summary>
internal sealed class GateEnd(IHostApplicationLifetime lifetime, IServiceProvider services)
{
    private bool _failed;

    /// <summary>Also when a part of the gate broke: the host stops then, and says nothing of it by itself.</summary>
    public int ExitCode =>
        _failed || services.GetServices<IHostedService>().OfType<BackgroundService>().Any(service => service.ExecuteTask?.IsFaulted == true) ? 1 : 0;

    public void Fail()
    {
        _failed = true;
        lifetime.StopApplication();
    }
}
