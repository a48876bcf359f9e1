using Microsoft.AspNetCore.Components.Server.Circuits;

namespace AiStackDeployer.Web.Components.Parts;

/// <summary>Tells the components of one circuit when its browser goes away and comes back. Handlers run on no dispatcher.</summary>
public sealed class CircuitPresence : CircuitHandler
{
    public event Func<Task>? Lost;

    public event Func<Task>? Back;

    public override Task OnConnectionDownAsync(Circuit circuit, CancellationToken cancellationToken) => Lost?.Invoke() ?? Task.CompletedTask;

    public override Task OnConnectionUpAsync(Circuit circuit, CancellationToken cancellationToken) => Back?.Invoke() ?? Task.CompletedTask;
}
