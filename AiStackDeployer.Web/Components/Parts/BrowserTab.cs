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

    /// <summary>The tab's icon.</summary>
    ValueTask SetIconAsync(string address, CancellationToken cancellationToken);

    /// <summary>Changes the address that the browser shows, and would load again, without going there.</summary>
    ValueTask SetAddressAsync(string address, CancellationToken cancellationToken);

    /// <summary>The same as a new entry of the history, to which the browser's back button returns.</summary>
    ValueTask PushAddressAsync(string address, CancellationToken cancellationToken);

    /// <summary>False when the browser refuses.</summary>
    ValueTask<bool> CopyAsync(string text, CancellationToken cancellationToken);

    /// <summary>Marks all text of an element, for the reader to copy.</summary>
    ValueTask SelectAsync(ElementReference element, CancellationToken cancellationToken);

    /// <summary>Opens a new tab. False when the browser blocks it.</summary>
    ValueTask<bool> OpenAsync(string address, CancellationToken cancellationToken);

    /// <summary>Gives an element the focus, unless something else has it.</summary>
    ValueTask FocusIfNothingIsAsync(ElementReference element, CancellationToken cancellationToken);

    /// <summary>Whether notifications can be shown here; the reader may still have to allow them.</summary>
    ValueTask<bool> CanNotifyAsync(CancellationToken cancellationToken);

    /// <summary>Asks the reader for permission.</summary>
    ValueTask<bool> AskToNotifyAsync(CancellationToken cancellationToken);

    /// <summary>Shows a notification to a reader who looks elsewhere. One of the same tag takes the place of the one before.</summary>
    ValueTask NotifyAsync(string title, string tag, CancellationToken cancellationToken);
}

public sealed class BrowserTab(IJSRuntime js, NavigationManager navigation) : IBrowserTab
{
    private Task<IJSObjectReference>? _script;

    public ValueTask SetTitleAsync(string title, CancellationToken cancellationToken) =>
        TryAsync(async () => await js.SetValueAsync("document.title", title, cancellationToken));

    public ValueTask SetIconAsync(string address, CancellationToken cancellationToken) => DoAsync("setIcon", cancellationToken, address);

    public ValueTask SetAddressAsync(string address, CancellationToken cancellationToken) => DoAsync("setAddress", cancellationToken, address);

    public ValueTask PushAddressAsync(string address, CancellationToken cancellationToken) => DoAsync("pushAddress", cancellationToken, address);

    public ValueTask<bool> CopyAsync(string text, CancellationToken cancellationToken) => AskAsync("copy", false, cancellationToken, text);

    public ValueTask SelectAsync(ElementReference element, CancellationToken cancellationToken) => DoAsync("select", cancellationToken, element);

    public ValueTask<bool> OpenAsync(string address, CancellationToken cancellationToken) => AskAsync("openTab", false, cancellationToken, address);

    public ValueTask FocusIfNothingIsAsync(ElementReference element, CancellationToken cancellationToken) =>
        DoAsync("focusIfNothingIs", cancellationToken, element);

    public async ValueTask<bool> CanNotifyAsync(CancellationToken cancellationToken) =>
        await AskAsync("notifications", "unsupported", cancellationToken) is "default" or "granted";

    public ValueTask<bool> AskToNotifyAsync(CancellationToken cancellationToken) => AskAsync("askToNotify", false, cancellationToken);

    public ValueTask NotifyAsync(string title, string tag, CancellationToken cancellationToken) => DoAsync("notify", cancellationToken, title, tag);

    private ValueTask DoAsync(string function, CancellationToken cancellationToken, params object?[] arguments) =>
        TryAsync(async () => await (await ScriptAsync()).InvokeVoidAsync(function, cancellationToken, arguments));

    private async ValueTask<T> AskAsync<T>(string function, T otherwise, CancellationToken cancellationToken, params object?[] arguments)
    {
        var answer = otherwise;
        await TryAsync(async () => answer = await (await ScriptAsync()).InvokeAsync<T>(function, cancellationToken, arguments));
        return answer;
    }

    /// <summary>A tab that is gone, or one that refuses, is no fault of the page.</summary>
    private static async ValueTask TryAsync(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (Exception e) when (e is JSException or JSDisconnectedException or OperationCanceledException)
        {
        }
    }

    private Task<IJSObjectReference> ScriptAsync() =>
        _script = _script is null or { IsFaulted: true } or { IsCanceled: true } ? js.InvokeAsync<IJSObjectReference>("import", "./tab.js").AsTask() : _script;

    public ValueTask RememberAsync(string name, string value, CancellationToken cancellationToken)
    {
        var secure = navigation.BaseUri.StartsWith("https:", StringComparison.Ordinal) ? "; secure" : "";
        return js.SetValueAsync("document.cookie", $"{name}={Uri.EscapeDataString(value)}; path=/; max-age=31536000; samesite=lax{secure}", cancellationToken);
    }
}
