using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Web.Presentation;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AiStackDeployer.Web.Mcp;

internal sealed class WaitTool(
    McpCaller caller, DeploymentFeed feed, DeploymentText text, StateText state, TimeProvider time, IHostApplicationLifetime lifetime)
{
    public const string ToolName = "wait_for_deployment";
    public const int UsualSeconds = 45;
    public const int MostSeconds = 300;

    /// <summary>Clients give a call up after a time without any sign of life; a minute is the usual one.</summary>
    internal static readonly TimeSpan Pulse = TimeSpan.FromSeconds(5);

    /// <summary>To a client that asked for no progress nothing is said before the answer, and that must come within the minute.</summary>
    internal static readonly TimeSpan MaxSilence = TimeSpan.FromSeconds(UsualSeconds);

    [McpServerTool(
        Name = ToolName, Title = "Wait for a deployment", ReadOnly = true, Destructive = false, Idempotent = true, OpenWorld = false,
        UseStructuredContent = true, OutputSchemaType = typeof(StateToolResult))]
    [Description("Waits until a deployment has ended, with progress notifications. When the time is over returns the state reached: call again.")]
    public async Task<CallToolResult> WaitAsync(
        RequestContext<CallToolRequestParams> request,
        [Description(Words.DeploymentId)] [MaxLength(Words.LongestId)] string deployment_id,
        CancellationToken cancellationToken,
        [Description("Over 45 only with a progress token")] [Range(1, MostSeconds)] int timeout_seconds = UsualSeconds)
    {
        if (await caller.FindAsync(request, deployment_id, cancellationToken) is not { } snapshot)
        {
            return Reply.UnknownDeployment();
        }
        var wished = TimeSpan.FromSeconds(timeout_seconds);
        using var timeout = new CancellationTokenSource(
            request.Params.ProgressToken is null && wished > MaxSilence ? MaxSilence : wished, time);
        // A portal that stops does not hold its stop for a watcher; the deployment goes on after the next start.
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, lifetime.ApplicationStopping, cancellationToken);
        var progress = new WaitProgress(request, text, time);
        await using var updates = new Updates(feed.WatchAsync(deployment_id, long.MaxValue, enough.Token).GetAsyncEnumerator(enough.Token), enough);
        try
        {
            while (!snapshot.IsTerminal && await updates.NextAsync(Pulse, time))
            {
                snapshot = updates.Latest ?? snapshot;
                await progress.ReportAsync(snapshot, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The time is over; what was reached by then is the answer.
        }
        return Reply.Of(state.Of(snapshot));
    }

    /// <summary>The feed, with a turn at least as often as its reader wants one.</summary>
    private sealed class Updates(IAsyncEnumerator<DeploymentUpdate> updates, CancellationTokenSource watching) : IAsyncDisposable
    {
        private Task<bool>? _next;

        public DeploymentSnapshot? Latest { get; private set; }

        /// <summary>True with the latest state, new or not; false at the feed's end.</summary>
        public async Task<bool> NextAsync(TimeSpan atMost, TimeProvider time)
        {
            _next ??= updates.MoveNextAsync().AsTask();
            // The feed heeds the token itself: whoever left it behind here could not dispose of it.
            await ((Task)_next).WaitAsync(atMost, time, CancellationToken.None)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            if (!_next.IsCompleted)
            {
                return true;
            }
            var more = await _next;
            _next = null;
            Latest = more ? updates.Current.Snapshot : Latest;
            return more;
        }

        public async ValueTask DisposeAsync()
        {
            // An enumerator may only be disposed of when its last step has ended.
            await watching.CancelAsync();
            if (_next is not null)
            {
                await ((Task)_next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            await updates.DisposeAsync();
        }
    }
}
