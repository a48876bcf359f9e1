using System.Threading.Channels;
using AiStackDeployer.Core.Deployments;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AiStackDeployer.Core.Persistence.Postgres;

/// <summary>
/// Passes "look again" between portals on one database, by LISTEN and NOTIFY. Sent after the commit and from its own connection, so no
/// transaction waits for it; what is lost that way costs a watcher one look of its own, at most 10 s later.
/// </summary>
internal sealed partial class SignalRelay(
    PostgresOptions postgres, DeploymentSignals signals, Ids ids, TimeProvider time, ILogger<SignalRelay> logger) : BackgroundService
{
    private const string ChannelName = "ai_stack_deployments";

    /// <summary>As many in one statement; more than that waits for the next one.</summary>
    private const int Batch = 100;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly string _self = ids.NewRequestId();

    // A hint may be dropped; a portal without a database must not collect them.
    private readonly Channel<DeploymentSignal> _outgoing = Channel.CreateBounded<DeploymentSignal>(
        new BoundedChannelOptions(10 * Batch) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        signals.Sent += Queue;
        try
        {
            await Task.WhenAll(KeepAsync(SendAsync, stoppingToken), KeepAsync(ListenAsync, stoppingToken));
        }
        finally
        {
            signals.Sent -= Queue;
        }
    }

    private void Queue(DeploymentSignal signal) => _outgoing.Writer.TryWrite(signal);

    private async Task KeepAsync(Func<Action, CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        var isBroken = false;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await work(
                    () =>
                    {
                        if (isBroken)
                        {
                            Restored();
                        }
                        isBroken = false;
                    },
                    cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // The first one only: an outage of minutes is one line.
                if (!isBroken)
                {
                    Broken(e.GetType().Name);
                }
                isBroken = true;
                await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task SendAsync(Action works, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(postgres.ConnectionString);
        await using var command = new NpgsqlCommand($"SELECT pg_notify('{ChannelName}', payload) FROM unnest($1) AS payload", connection);
        var payloads = command.Parameters.Add(new NpgsqlParameter { Value = Array.Empty<string>() });
        while (await _outgoing.Reader.WaitToReadAsync(cancellationToken))
        {
            var batch = new HashSet<DeploymentSignal>();
            while (batch.Count < Batch && _outgoing.Reader.TryRead(out var signal))
            {
                batch.Add(signal);
            }
            payloads.Value = batch.Select(signal => $"{_self} {signal.Kind} {signal.DeploymentId}").ToArray();
            await connection.OpenAsync(cancellationToken);
            await command.ExecuteNonQueryAsync(cancellationToken);
            // Back to the pool: between two changes there may be hours.
            await connection.CloseAsync();
            works();
        }
    }

    private async Task ListenAsync(Action works, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(postgres.ListeningConnectionString);
        connection.Notification += (_, hint) => Hear(hint.Payload);
        await connection.OpenAsync(cancellationToken);
        await using (var listen = new NpgsqlCommand($"LISTEN {ChannelName}", connection))
        {
            await listen.ExecuteNonQueryAsync(cancellationToken);
        }
        works();
        // What was sent before is lost.
        signals.Receive(new DeploymentSignal(SignalKind.LineMoved, ""));
        while (true)
        {
            await connection.WaitAsync(cancellationToken);
        }
    }

    private void Hear(string payload)
    {
        if (payload.Split(' ') is [var sender, var kind, var deployment] && sender != _self && Enum.TryParse<SignalKind>(kind, out var known))
        {
            signals.Receive(new DeploymentSignal(known, deployment));
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Changes made by other portals are seen up to 10 s late: no connection to the database server ({Fault})")]
    private partial void Broken(string fault);

    [LoggerMessage(Level = LogLevel.Information, Message = "Changes made by other portals are seen at once again")]
    private partial void Restored();
}
