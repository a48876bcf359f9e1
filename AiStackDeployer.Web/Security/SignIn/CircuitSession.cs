using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Components.Server.Circuits;

namespace AiStackDeployer.Web.Security.SignIn;

/// <summary>Tells the components of one circuit that its session has ended; from then on they have nobody in front of them.</summary>
public sealed class CircuitSession : CircuitHandler
{
    private readonly LiveSessions _live;
    private readonly AuthenticationStateProvider _states;
    private IDisposable? _watch;

    internal CircuitSession(LiveSessions live, AuthenticationStateProvider states) => (_live, _states) = (live, states);

    public event Func<Task>? Ended;

    public override async Task OnCircuitOpenedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        if ((await _states.GetAuthenticationStateAsync()).User.CredentialId() is { } id)
        {
            _watch = _live.OnEnd(id, End);
        }
    }

    public override Task OnCircuitClosedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        _watch?.Dispose();
        return Task.CompletedTask;
    }

    private void End()
    {
        (_states as ServerAuthenticationStateProvider)?.SetAuthenticationState(Task.FromResult(new AuthenticationState(new ClaimsPrincipal())));
        _ = Ended?.Invoke();
    }
}
