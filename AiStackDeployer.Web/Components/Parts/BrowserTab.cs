using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace AiStackDeployer.Web.Components.Parts;

/// <summary>The few things an island asks of the browser around it.</summary>
public interface IBrowserTab
{
    /// <summary>The tab's title. The document's head is rendered without a circuit, so an island cannot write it as markup.</summary>
    ValueTask SetTitleAsync(string title, CancellationToken cancellationToken);

    /// <summary>False when the browser refuses: no permission, or a page that is not secure.</summary>
    ValueTask<bool> CopyAsync(string text, CancellationToken cancellationToken);

    /// <summary>
    /// Shows a <c>dialog</c> above everything: the browser itself keeps the focus in it, closes it on Escape and hands the focus
    /// back afterwards. False when it was open already; else it will tell exactly once that it has closed.
    /// </summary>
    ValueTask<bool> OpenDialogAsync(ElementReference dialog, CancellationToken cancellationToken);

    ValueTask CloseDialogAsync(ElementReference dialog, CancellationToken cancellationToken);
}

public sealed class BrowserTab(IJSRuntime js) : IBrowserTab, IAsyncDisposable
{
    private IJSObjectReference? _dialogs;

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

    public async ValueTask<bool> OpenDialogAsync(ElementReference dialog, CancellationToken cancellationToken)
    {
        try
        {
            return await (await LoadAsync(cancellationToken)).InvokeAsync<bool>("open", cancellationToken, dialog);
        }
        catch (JSDisconnectedException)
        {
            // The tab is gone, and its dialog with it.
            return false;
        }
    }

    public async ValueTask CloseDialogAsync(ElementReference dialog, CancellationToken cancellationToken)
    {
        try
        {
            await (await LoadAsync(cancellationToken)).InvokeVoidAsync("close", cancellationToken, dialog);
        }
        catch (JSDisconnectedException)
        {
            // As above.
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_dialogs is not null)
            {
                await _dialogs.DisposeAsync();
            }
        }
        catch (JSDisconnectedException)
        {
            // The tab is gone, and what it had loaded with it.
        }
    }

    private async ValueTask<IJSObjectReference> LoadAsync(CancellationToken cancellationToken) =>
        _dialogs ??= await js.InvokeAsync<IJSObjectReference>("import", cancellationToken, "./Components/Deploy/DeleteDialog.razor.js");
}
