using Microsoft.JSInterop;

namespace AiStackDeployer.Web.Components.Parts;

/// <summary>The few things an island asks of the browser around it.</summary>
public interface IBrowserTab
{
    /// <summary>The tab's title. The document's head is rendered without a circuit, so an island cannot write it as markup.</summary>
    ValueTask SetTitleAsync(string title, CancellationToken cancellationToken);

    /// <summary>False when the browser refuses: no permission, or a page that is not secure.</summary>
    ValueTask<bool> CopyAsync(string text, CancellationToken cancellationToken);
}

public sealed class BrowserTab(IJSRuntime js) : IBrowserTab
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
