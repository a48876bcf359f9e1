using System.Collections.Concurrent;
using AiStackDeployer.Web.Security;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;

namespace AiStackDeployer.Web.Components.Parts;

/// <summary>Who has a page of this portal open now.</summary>
public sealed class OpenPages
{
    private readonly ConcurrentDictionary<object, string?> _open = new();

    /// <summary>Of each page; null = somebody who is not known.</summary>
    public ICollection<string?> Names => _open.Values;

    public void Add(object page, string? name) => _open[page] = name;

    public void Remove(object page) => _open.TryRemove(page, out _);
}

/// <summary>A circuit whose browser is connected is an open page.</summary>
internal sealed class OpenPage(OpenPages pages, AuthenticationStateProvider states) : CircuitHandler
{
    public override async Task OnConnectionUpAsync(Circuit circuit, CancellationToken cancellationToken) =>
        pages.Add(this, (await states.GetAuthenticationStateAsync()).User.PersonName());

    public override Task OnConnectionDownAsync(Circuit circuit, CancellationToken cancellationToken) => CloseAsync();

    public override Task OnCircuitClosedAsync(Circuit circuit, CancellationToken cancellationToken) => CloseAsync();

    private Task CloseAsync()
    {
        pages.Remove(this);
        return Task.CompletedTask;
    }
}
