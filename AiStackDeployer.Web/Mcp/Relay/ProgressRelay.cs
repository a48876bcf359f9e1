using System.Threading.Channels;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AiStackDeployer.Web.Mcp.Relay;

/// <summary>One call's progress on its way to the client: in order, rising, and never after the answer.</summary>
internal sealed class ProgressRelay
{
    private readonly Channel<ProgressNotificationValue> _told = Channel.CreateUnbounded<ProgressNotificationValue>(new() { SingleReader = true });
    private readonly Task _passing;

    public ProgressRelay(McpServer client, ProgressToken token)
    {
        Token = token;
        _passing = PassOnAsync(client);
    }

    public ProgressToken Token { get; }

    public void Tell(ProgressNotificationValue progress) => _told.Writer.TryWrite(progress);

    /// <summary>Completes when all that was told is passed on, or the client is gone and hears nothing more.</summary>
    public async Task FinishAsync()
    {
        _told.Writer.TryComplete();
        await _passing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task PassOnAsync(McpServer client)
    {
        float? last = null;
        await foreach (var progress in _told.Reader.ReadAllAsync())
        {
            // The SDK hears of notifications side by side, so one may come late.
            if (last is null || progress.Progress > last)
            {
                last = progress.Progress;
                await client.NotifyProgressAsync(Token, progress);
            }
        }
    }
}
