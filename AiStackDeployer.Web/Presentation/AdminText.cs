using System.Globalization;
using AiStackDeployer.Core.Builds;
using AiStackDeployer.Core.Connections;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Logs;
using AiStackDeployer.Core.Rollouts;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Web.Resources;
using Microsoft.Extensions.Localization;

namespace AiStackDeployer.Web.Presentation;

/// <summary>What was found when the parts that the portal depends on were last looked at.</summary>
/// <param name="AtWork">The name of the stack that Dokploy works on; null = nothing, or not the portal's.</param>
/// <param name="Builds">Null = the operator has named no Gitea.</param>
/// <param name="Images">Those that stacks should have.</param>
/// <param name="Rollout">The newest one; null = there was none.</param>
public sealed record PartsLook(
    ConnectionReport Connections, ServerReport Servers, string? AtWork, IngestState Ingest, BuildReport? Builds, IReadOnlyList<string> Images, Rollout? Rollout);

/// <summary>One part in a few words; where something is wrong with it, what and what to do.</summary>
public sealed record PartTile(string Name, Tone Tone, string Word, string? Text = null, string? Remedy = null)
{
    /// <summary>The page that tells more, and the key of its name.</summary>
    public (string Address, string? Word) Link { get; init; } = ("admin/connections", null);

    public bool IsWrong => Tone is Tone.Failed or Tone.Waiting;
}

/// <summary>The administrators' overview in words.</summary>
public sealed class AdminText(
    IStringLocalizer<AdminTexts> texts, ConnectionText connections, BuildText builds, HealthText health, DeploymentText deployments, RolloutText rollouts,
    IStringLocalizer<RolloutTexts> rolloutTexts)
{
    /// <summary>Shown as tiles of their own; of the others only what is wrong.</summary>
    private static readonly (string Key, ConnectionTarget[] Targets)[] Always =
    [
        ("part-dokploy", [ConnectionTarget.Dokploy, ConnectionTarget.DokployKey, ConnectionTarget.DokployPermissions, ConnectionTarget.DokployRateLimit]),
        ("part-queue", [ConnectionTarget.DokployQueue]),
        ("part-database", [ConnectionTarget.Database]),
        ("part-certificate", [ConnectionTarget.StackCertificate]),
        ("part-wildcard", [ConnectionTarget.WildcardDns]),
    ];

    /// <param name="isSilent">Dokploy does not answer at this moment, which the last look may not know yet.</param>
    public IReadOnlyList<PartTile> Parts(PartsLook look, bool isSilent)
    {
        var results = look.Connections.Results;
        var shown = Always.SelectMany(part => part.Targets).ToList();
        var tiles = Always.Select(part => Tile(part.Key, [.. results.Where(r => part.Targets.Contains(r.Target))])).ToList();
        if (isSilent && !tiles[0].IsWrong)
        {
            tiles[0] = tiles[0] with { Tone = Tone.Failed, Word = texts["ingest-away"], Text = texts["dokploy-silent"] };
        }
        if (!tiles[1].IsWrong)
        {
            tiles[1] = tiles[1] with { Tone = look.Servers.Queue is null ? Tone.Quiet : Tone.Ready, Word = Queue(look) };
        }
        tiles.AddRange(results.Where(r => !shown.Contains(r.Target) && r.Verdict == ConnectionVerdict.Bad).Select(r => Tile(connections.Name(r.Target), r)));
        tiles.Add(Ingest(look.Ingest));
        if (look.Builds is { } report)
        {
            tiles.Add(Build(report, look.Images));
        }
        if (look.Rollout is { Phase: RolloutPhase.Stopped } stopped)
        {
            tiles.Add(new PartTile(rolloutTexts["part"], Tone.Failed, rolloutTexts["part-stopped"], rollouts.Stopped(stopped)) { Link = ("admin/rollout", rolloutTexts["part-details"]) });
        }
        return tiles;
    }

    /// <summary>One sentence about everything.</summary>
    public string Verdict(IReadOnlyList<PartTile> parts, TroubleReport trouble)
    {
        List<string> pieces =
        [
            .. parts.Where(part => part.Tone == Tone.Failed).Select(part => part.Name),
            .. Piece("piece-failed", trouble.Failures.Sum(g => g.Stacks.Count)),
            .. Piece("piece-silent", trouble.Silent.Sum(g => g.Stacks.Count)),
            .. parts.Where(part => part.Tone == Tone.Waiting).Select(part => part.Name),
        ];
        return pieces.Count == 0 ? texts["board-ok"] : texts["board-wrong", string.Join(", ", pieces)];
    }

    public string Group(TroubleGroup group) => group switch
    {
        FailureGroup { Cause: { } cause } => deployments.FailureShort(cause),
        FailureGroup => texts["trouble-left"],
        SilentGroup silent => health.Cause(silent.Health) ?? health.Word(silent.Health.State),
        _ => throw new ArgumentOutOfRangeException(nameof(group), group.GetType().Name, null),
    };

    /// <summary>What can be done about it; null = nothing is known.</summary>
    public string? Remedy(TroubleGroup group) => group switch
    {
        FailureGroup { Cause: { } cause } => deployments.Remedy(cause),
        SilentGroup silent => health.Advice(silent.Health),
        _ => null,
    };

    public string Counted(string key, int count) => count == 1 ? texts[key + "-one", Number(count)] : texts[key + "-many", Number(count)];

    public string Span(StackSpan span) => texts["span-" + StacksView.WordOf(span)];

    public static string Number(long number) => number.ToString("N0", CultureInfo.CurrentCulture);

    public static string Size(long bytes) => bytes >= 10L << 30 ? string.Create(CultureInfo.CurrentCulture, $"{bytes / (double)(1L << 30):N0} GB")
        : bytes >= 1L << 30 ? string.Create(CultureInfo.CurrentCulture, $"{bytes / (double)(1L << 30):0.#} GB")
        : string.Create(CultureInfo.CurrentCulture, $"{bytes / (1L << 20)} MB");

    private IEnumerable<string> Piece(string key, int count) => count == 0 ? [] : [Counted(key, count)];

    private PartTile Tile(string key, IReadOnlyList<ConnectionResult> results) => results.Count == 0
        ? new PartTile(texts[key], Tone.Quiet, texts["figure-unknown"])
        : Tile(texts[key], results.MaxBy(r => Weight(r.Verdict))!);

    private PartTile Tile(string name, ConnectionResult result)
    {
        var tile = new PartTile(name, ConnectionText.ToneOf(result.Verdict), connections.Verdict(result));
        return tile.IsWrong ? tile with { Text = connections.Cause(result), Remedy = connections.Remedy(result) } : tile;
    }

    private string Queue(PartsLook look) => look.Servers.Queue switch
    {
        null => texts["queue-hidden"],
        { BusySince: null } => texts["queue-idle"],
        { BusySince: var since, Waiting: var waiting } => look.AtWork is { } name
            ? texts["queue-busy", name, health.Moment(since), Number(waiting)]
            : texts["queue-other", health.Moment(since), Number(waiting)],
    };

    private PartTile Ingest(IngestState state) => state switch
    {
        IngestState.Answers or IngestState.Empty => new PartTile(texts["part-ingest"], Tone.Ready, texts["ingest-answers"]),
        IngestState.NotConfigured => new PartTile(texts["part-ingest"], Tone.Quiet, texts["ingest-not-configured"]),
        IngestState.KeyRefused => new PartTile(texts["part-ingest"], Tone.Failed, texts["ingest-key-refused"], texts["ingest-key-refused-text"]),
        IngestState.Away => new PartTile(texts["part-ingest"], Tone.Failed, texts["ingest-away"], texts["ingest-away-text"]),
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };

    private PartTile Build(BuildReport report, IReadOnlyList<string> images)
    {
        var name = texts["part-build"];
        if (report.Trouble is { } trouble)
        {
            return new PartTile(name, Tone.Waiting, texts["ingest-away"], builds.Trouble(trouble));
        }
        if (report.Runs is not [var last, ..])
        {
            return new PartTile(name, Tone.Quiet, texts["figure-unknown"]);
        }
        var (word, tone) = builds.Chip(last.State);
        return last.State == BuildState.Failed ? new PartTile(name, Tone.Failed, word, texts["build-failed-text", builds.Name(last)])
            : images.Select(image => ImageAge.Of(image, report.Runs)?.Newer).FirstOrDefault(run => run is not null) is { } newer ? new PartTile(name, Tone.Waiting, texts["build-newer"], texts["build-newer-text", builds.Name(newer)])
            // A build that waits its turn is nothing to look at.
            : new PartTile(name, tone == Tone.Waiting ? Tone.Working : tone, word);
    }

    private static int Weight(ConnectionVerdict verdict) => verdict switch
    {
        ConnectionVerdict.Bad => 4,
        ConnectionVerdict.Doubtful => 3,
        ConnectionVerdict.NotChecked => 2,
        ConnectionVerdict.Good => 1,
        ConnectionVerdict.NotConfigured => 0,
        _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict, null),
    };
}
