using System.Globalization;
using System.IO.Compression;
using System.Text;
using AiStackDeployer.Core.Connections;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Diagnoses;
using AiStackDeployer.Core.Logs;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Web.Presentation;
using AiStackDeployer.Web.Settings;

namespace AiStackDeployer.Web.Api;

/// <summary>
/// One zip file with all that helps to find out what is wrong with a stack. It leaves the portal, so every line of every file passes the
/// stack's mask and the portal's own secrets, wherever it is from, and each file has a largest size.
/// </summary>
internal sealed class SupportBundle(
    StackDiagnoses diagnoses, SignText signs, DeploymentText operations, HealthText health, ConnectionText connections, DeploymentService deployments, IContainerLog container,
    IConfiguration configuration, TimeProvider time)
{
    public const string MimeType = "application/zip";

    private const int MostKilobytes = 256;
    private const int MostOperations = 20;
    private const int LinesOfEach = 200;
    private const int ShortestSecret = 4;

    private static readonly TimeSpan HealthOf = TimeSpan.FromDays(7);

    /// <summary>Settings whose value helps and tells nobody's secret; of the others only whether they are set.</summary>
    private static readonly string[] Shown =
    [
        "AUTH", "AUDIT_DAYS", "DELETE_UNDO_HOURS", "DEPLOY_TIMEOUT", "DOKPLOY_URL", "HEALTH_INTERVAL", "HEALTH_RATE", "HOST", "IDLE_STOP_HOURS", "LIMIT_FACTOR", "LOG_LEVEL",
        "MAX_PARALLEL_DEPLOYMENTS", "OUTAGE_TIMEOUT", "PATH_BASE", "PORT", "PUBLIC_URL", "READY_TIMEOUT", "STACKS_PER_PERSON", "STACK_CERTIFICATE", "STACK_CPU_LIMIT", "STACK_DOMAIN_SUFFIX",
        "STACK_HEALTH_MEMBER", "STACK_HEALTH_PATH", "STACK_IMAGE", "STACK_MEMORY_LIMIT", "STACK_MEMORY_RESERVATION", "STACK_PORT", "STACK_PUBLIC_PORT", "STACK_SCHEME", "STACK_STATE_PATH",
        "STACK_TERMINAL_PATH", "STACK_WORKSPACE_PATH", "TRAEFIK_IP", "UNUSED_DELETE_DAYS",
    ];

    /// <summary>In names of settings whose value is looked for in every line. The address of a database or a collector may hold a password too.</summary>
    private static readonly string[] Secret =
        ["TOKEN", "SECRET", "PASSWORD", "PASSPHRASE", "_KEY", "HEADERS", "DATABASE_URL", "CONNECTIONSTRING", "STACK_ENV", "INGEST_URL"];

    /// <param name="isForAdministrator">With the portal's own settings and connections.</param>
    /// <exception cref="SecretUnreadableException">What would have to be masked is not known.</exception>
    public async Task<(string File, byte[] Bytes)> MakeAsync(StackRow row, DeploymentSnapshot last, bool isForAdministrator, CancellationToken cancellationToken)
    {
        var mask = MaskOf(row.Stack);
        var diagnosis = await diagnoses.ReadAsync(row, last, cancellationToken);
        var history = await deployments.ReadHistoryAsync(row, time.GetUtcNow() - HealthOf, cancellationToken);
        var lines = await container.ReadLinesAsync(row.Stack, StackLogs.ContainerLines, cancellationToken);
        var variables = await deployments.ListVariablesAsync(row.Stack.Id, cancellationToken);
        List<(string Name, string Key, IEnumerable<string> Lines)> files =
        [
            ("diagnosis.txt", "diagnosis", DiagnosisOf(diagnosis)),
            ("evidence.txt", "evidence", diagnosis.Evidence.Lines.Select(line => $"[{signs.Source(line.Source)}] {line.Text}")),
            ("operations.txt", "operations", await OperationsOfAsync(history.Operations, cancellationToken)),
            ("health.txt", "health", history.Health.Select(span => $"{Moment(span.From)} - {Moment(span.To)} {health.Word(span.Kind)}")),
            ("container.txt", "container", (lines ?? []).Select(line => $"{Moment(line.At)} {line.Text}")),
            ("tasks.txt", "tasks", (diagnosis.Evidence.Tasks ?? []).Select(task => $"{(task.IsWanted ? "wanted" : "-")} {task.Text} {task.Error}")),
            ("stack.txt", "stack", FactsOf(row, diagnosis.Evidence, variables ?? [])),
        ];
        if (isForAdministrator)
        {
            files.Add(("portal.txt", "portal", PortalOf(diagnosis.Evidence)));
        }
        var made = Moment(time.GetUtcNow());
        files.Insert(0, ("README.txt", "", [signs.Bundle("title", row.Stack.Name, made, HealthApi.Version), signs.Bundle("masked"), "", .. files.Select(file => $"{file.Name}: {signs.Bundle(file.Key)}")]));
        using var zip = new MemoryStream();
        await using (var archive = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, _, content) in files)
            {
                await using var entry = await archive.CreateEntry(name).OpenAsync(cancellationToken);
                await entry.WriteAsync(Encoding.UTF8.GetBytes(Cut(content.Select(mask))), cancellationToken);
            }
        }
        return (string.Create(CultureInfo.InvariantCulture, $"support-{row.Stack.Name}-{time.GetUtcNow():yyyyMMdd-HHmm}.zip"), zip.ToArray());
    }

    /// <summary>A line as the stack's log may show it, without the portal's own secrets and with its indentation.</summary>
    private Func<string, string> MaskOf(Stack stack)
    {
        var mask = container.MaskOf(stack);
        List<string> secrets =
        [
            .. PortalSettings.Names.Where(name => !Shown.Contains(name, StringComparer.OrdinalIgnoreCase) && IsSecret(name)).Select(name => configuration[name]?.Trim())
                .OfType<string>().Where(value => value.Length >= ShortestSecret).OrderByDescending(value => value.Length),
        ];
        return line =>
        {
            var hidden = secrets.Aggregate(line, (text, secret) => text.Replace(secret, "•••", StringComparison.Ordinal));
            return new string(' ', hidden.Length - hidden.TrimStart(' ').Length) + mask(hidden);
        };
    }

    private static bool IsSecret(string name) => Secret.Any(part => name.Contains(part, StringComparison.OrdinalIgnoreCase));

    private string Cut(IEnumerable<string> lines)
    {
        var text = new StringBuilder();
        foreach (var line in lines)
        {
            if (text.Length + line.Length > MostKilobytes * 1024)
            {
                return text.Append(signs.Bundle("cut", MostKilobytes)).Append('\n').ToString();
            }
            text.Append(line).Append('\n');
        }
        return text.ToString();
    }

    private IEnumerable<string> DiagnosisOf(StackDiagnosis diagnosis)
    {
        yield return $"{SignText.Code(diagnosis)}: {signs.Cause(diagnosis)}";
        yield return signs.Advice(diagnosis);
        foreach (var finding in diagnosis.Findings)
        {
            yield return "";
            yield return $"{finding.Signature.Code}: {signs.Cause(finding)}";
            yield return $"  [{signs.Source(finding.Sign.Line.Source)}] {finding.Sign.Line.Text}";
            yield return $"  {signs.Cure(finding)} {signs.By(finding.Signature.By, isOwn: false)}";
            if (finding.Command is { } command)
            {
                yield return $"  $ {command}";
            }
        }
        yield return "";
        foreach (var (name, _, word) in signs.PathOf(diagnosis.Evidence))
        {
            yield return $"{name}: {word}";
        }
        yield return "";
        foreach (var look in diagnosis.Evidence.Looks)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{signs.Source(look.Source)}: {signs.Look(look)} ({look.Took.TotalSeconds:0.0} s)");
        }
    }

    private async Task<IReadOnlyList<string>> OperationsOfAsync(IReadOnlyList<DeploymentSnapshot> history, CancellationToken cancellationToken)
    {
        var lines = new List<string>();
        foreach (var one in history.Take(MostOperations))
        {
            lines.Add($"{Moment(one.CreatedAt)} {one.Operation.Name} ({one.Cause}) {one.Id} {one.Phase} {one.Failure?.Code.ToWire()} trace {one.TraceId}");
            lines.AddRange((await deployments.ReadLastLogAsync(one.Id, LinesOfEach, cancellationToken)).Where(line => line.Log is not null)
                .Select(line => $"  {Moment(line.At)} {operations.Log(line)}"));
        }
        return lines;
    }

    private static IEnumerable<string> FactsOf(StackRow row, Evidence evidence, IReadOnlyList<string> variables)
    {
        var stack = row.Stack;
        return
        [
            $"id: {stack.Id}", $"name: {stack.Name}", $"owner: {stack.OwnerId}", $"url: {stack.Url}", $"state: {WireNames.Of(stack.State)}", $"health: {WireNames.Of(row.Health.State)}",
            $"image: {stack.Image}", $"opencode: {stack.OpenCodeVersion}", $"created: {Moment(stack.CreatedAt)}", $"ready: {Moment(stack.ReadyAt)}", $"stopped: {Moment(stack.StoppedAt)}",
            $"dokploy project: {stack.ProjectId}", $"dokploy application: {stack.ApplicationId}", $"dokploy domain: {stack.DomainId}", $"swarm service: {stack.AppName}",
            $"image in dokploy: {evidence.Application?.Image}", $"route port: {evidence.Application?.RoutePort}", $"update: {evidence.Service?.Message}",
            $"memory: {evidence.Gate?.MemoryBytes} / {evidence.Gate?.MemoryLimitBytes}", $"variables: {string.Join(", ", variables)}",
        ];
    }

    private IEnumerable<string> PortalOf(Evidence evidence) =>
    [
        $"version: {HealthApi.Version}", "",
        .. PortalSettings.Names.Order(StringComparer.Ordinal).Select(name => configuration[name]?.Trim() is not { Length: > 0 } value ? $"{name} is not set"
            : Shown.Contains(name, StringComparer.OrdinalIgnoreCase) ? $"{name}: {value}" : $"{name} is set"),
        "", .. evidence.Connections.Select(result => $"{connections.Name(result.Target)}: {result.Cause.ToWire()}. {connections.Cause(result)}"),
        "", $"servers' memory: {string.Join(", ", evidence.Servers?.ServerMemory ?? [])}; away: {evidence.Servers?.ServersAway}; waiting in Dokploy: {evidence.Servers?.Queue?.Waiting}",
    ];

    private static string Moment(DateTimeOffset? at) => at?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "-";
}
