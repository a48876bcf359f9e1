using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace AiStackDeployer.Web.Components.Parts;

/// <summary>The few things an island asks of the browser around it.</summary>
public interface IBrowserTab
{
    /// <summary>The tab's title. The document's head is rendered without a circuit, so an island cannot write it as markup.</summary>
    ValueTask SetTitleAsync(string title, CancellationToken cancellationToken);

    /// <summary>Keeps a cookie for a year, for the whole host.</summary>
    ValueTask RememberAsync(string name, string value, CancellationToken cancellationToken);

    /// <summary>False when the browser refuses: no permission, or a page that is not secure.</summary>
    ValueTask<bool> CopyAsync(string text, CancellationToken cancellationToken);
}

public sealed class BrowserTab(IJSRuntime js, NavigationManager navigation) : IBrowserTab
{
    public async ValueTask SetTitleAsync(string title, CancellationToken cancellationToken)
    {
        try
        {
            await js.SetValueAsync("document.title", title, cancellationToken);
        }
        catch (JSDisconnectedException)
        {
            // The tab is gone, and its title with it.
        }
    }

    public ValueTask RememberAsync(string name, string value, CancellationToken cancellationToken)
    {
        var secure = navigation.BaseUri.StartsWith("https:", StringComparison.Ordinal) ? "; secure" : "";
        return js.SetValueAsync("document.cookie", $"{name}={Uri.EscapeDataString(value)}; path=/; max-age=31536000; samesite=lax{secure}", cancellationToken);
    }

    public async ValueTask<bool> CopyAsync(string text, CancellationToken cancellationToken)
    {
        try
        {
            await js.InvokeVoidAsync("navigator.clipboard.writeText", cancellationToken, text);
            return true;
        }
        catch (Exception e) when (e is JSException or JSDisconnectedException)
        {
            return false;
        }
    }
}
