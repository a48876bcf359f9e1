using AiStackDeployer.Core.Diagnostics;
using Microsoft.AspNetCore.Components.Server.Circuits;

namespace AiStackDeployer.Web.Components.Parts;

/// <summary>
/// Counts this circuit in the state it is in. The framework's own gauge is told twice that a connection went away when the circuit
/// goes too; here each change is taken from the state before it, so the sums stay right.
/// </summary>
internal sealed class CircuitCount(WatcherMeter watchers) : CircuitHandler
{
    private readonly Lock _gate = new();
    private bool _isOpen;
    private bool _isConnected;

    public override Task OnCircuitOpenedAsync(Circuit circuit, CancellationToken cancellationToken) => Be(open: true, connected: false);

    public override Task OnConnectionUpAsync(Circuit circuit, CancellationToken cancellationToken) => Be(open: true, connected: true);

    public override Task OnConnectionDownAsync(Circuit circuit, CancellationToken cancellationToken) => Be(open: _isOpen, connected: false);

    public override Task OnCircuitClosedAsync(Circuit circuit, CancellationToken cancellationToken) => Be(open: false, connected: false);

    private Task Be(bool open, bool connected)
    {
        lock (_gate)
        {
            if (_isOpen)
            {
                watchers.CircuitIs(-1, _isConnected);
            }
            if (open)
            {
                watchers.CircuitIs(1, connected);
            }
            (_isOpen, _isConnected) = (open, connected);
        }
        return Task.CompletedTask;
    }
}
