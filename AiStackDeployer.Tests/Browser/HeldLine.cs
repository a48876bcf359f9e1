using Microsoft.Playwright;

namespace AiStackDeployer.Tests.Browser;

/// <summary>A circuit's line of which the portal's side can be held back. Pages loaded after it was made are behind it.</summary>
internal sealed class HeldLine
{
    private readonly Lock _lock = new();
    private readonly Queue<(IWebSocketRoute Page, byte[] Message)> _waiting = [];
    private readonly TaskCompletionSource _drawn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isHeld;

    /// <summary>Completes when the portal has drawn something that waits here.</summary>
    public Task Drawn => _drawn.Task.WaitAsync(TestContext.Current.CancellationToken);

    public static async Task<HeldLine> BetweenAsync(IPage page)
    {
        var line = new HeldLine();
        await page.RouteWebSocketAsync("**/_blazor*", socket => socket.ConnectToServer().OnMessage(frame => line.Pass(socket, frame.Binary!)));
        return line;
    }

    public void Hold()
    {
        lock (_lock)
        {
            _isHeld = true;
        }
    }

    /// <summary>Lets pass what waits up to the first thing drawn.</summary>
    public void ReleaseFirst()
    {
        lock (_lock)
        {
            for (var wasDrawn = false; !wasDrawn;)
            {
                wasDrawn = IsDrawing(_waiting.Peek().Message);
                SendFirst();
            }
        }
    }

    public void Release()
    {
        lock (_lock)
        {
            _isHeld = false;
            while (_waiting.Count > 0)
            {
                SendFirst();
            }
        }
    }

    private void Pass(IWebSocketRoute page, byte[] message)
    {
        lock (_lock)
        {
            _waiting.Enqueue((page, message));
            if (!_isHeld)
            {
                SendFirst();
            }
            else if (IsDrawing(message))
            {
                _drawn.TrySetResult();
            }
        }
    }

    private void SendFirst()
    {
        var (page, message) = _waiting.Dequeue();
        page.Send(message);
    }

    private static bool IsDrawing(byte[] message) => message.AsSpan().IndexOf("JS.RenderBatch"u8) >= 0;
}
