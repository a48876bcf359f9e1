using System.Globalization;
using System.Text.Json;
using AiStackDeployer.Contract;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Stacks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AiStackDeployer.Core.Logs;

/// <summary>
/// Sends the lines that this process commits to deployments' logs, and how deployments end, to the log ingest. A commit waits for
/// nothing but a place in a buffer.
/// </summary>
internal sealed partial class DeploymentLogSender(
    CommittedEvents committed, IContainerLog secrets, Func<Deployment, DeploymentEvent, string> sentence, LogForwarder forwarder,
    ILogger<DeploymentLogSender> logger) : BackgroundService
{
    private const string Prefix = "deployment.";

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        committed.Committed += Take;
        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        committed.Committed -= Take;
        await base.StopAsync(cancellationToken);
        if (forwarder.Refused + forwarder.Dropped is var lost and > 0)
        {
            Lost(lost, forwarder.Sent);
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => forwarder.RunAsync(stoppingToken);

    private void Take(Deployment deployment, IReadOnlyList<DeploymentEvent> events)
    {
        var told = events.Where(IsTold).ToList();
        if (told.Count == 0)
        {
            return;
        }
        try
        {
            var mask = secrets.MaskOf(deployment.Stack);
            foreach (var e in told)
            {
                forwarder.Add(Translate(deployment, e, mask(sentence(deployment, e).ReplaceLineEndings(" "))));
            }
        }
        catch (SecretUnreadableException e)
        {
            NotSent(e, deployment.Id);
        }
    }

    internal static bool IsTold(DeploymentEvent e) => e.Kind != DeploymentEventKind.Progress;

    internal static LogEvent Translate(Deployment deployment, DeploymentEvent e, string message)
    {
        var attrs = new Dictionary<string, string>
        {
            ["deployment"] = deployment.Id,
            ["operation"] = deployment.Operation.Name,
            ["step"] = Wire(e.Step.ToString()),
        };
        if (e.Failure is { } failure)
        {
            attrs["failure"] = failure.Code.ToWire();
        }
        return new LogEvent
        {
            // The same wherever it is sent from, so that a repeated batch is known.
            Id = string.Create(CultureInfo.InvariantCulture, $"{e.DeploymentId}.{e.Sequence}"),
            Ts = e.At,
            Type = Prefix + Wire(e.Log is { } code ? code.ToString() : e.Phase.ToString()),
            Level = LevelOf(e),
            Message = message,
            Attrs = attrs,
            Stack = deployment.Name,
        };
    }

    private static string LevelOf(DeploymentEvent e) => e switch
    {
        { Kind: DeploymentEventKind.Error, Failure: not null } => "error",
        {
            Log: LogCode.Retrying or LogCode.DeployRepeated or LogCode.DeployJobDead or LogCode.DokployAway or LogCode.ContainerEnded or LogCode.TerminalSilent
                or LogCode.LeftBehind or LogCode.StackSilent or LogCode.StackMissing,
        } => "warn",
        _ => "info",
    };

    private static string Wire(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Log lines of {DeploymentId} are not sent to the ingest: what must be masked in them cannot be read")]
    private partial void NotSent(Exception e, string deploymentId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Lost} log lines of deployments did not reach the ingest, {Sent} did")]
    private partial void Lost(long lost, long sent);
}
