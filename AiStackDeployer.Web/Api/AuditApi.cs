using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using AiStackDeployer.Core.Audit;
using AiStackDeployer.Web.Presentation;
using AiStackDeployer.Web.Security;

namespace AiStackDeployer.Web.Api;

/// <summary>The audit log, a page at a time or as one file.</summary>
internal static class AuditApi
{
    private const string Csv = "text/csv";
    private const string JsonLines = "application/jsonl";

    /// <summary>How many lines are in memory while a file is sent.</summary>
    private const int Page = 500;

    private static readonly (string Name, Func<AuditEntry, string?> Of)[] Columns =
    [
        ("id", e => e.Id), ("at", e => e.At.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)), ("actorId", e => e.ActorId),
        ("actorName", e => e.ActorName), ("way", e => WireNames.Of(e.Way)), ("address", e => e.Address), ("tokenName", e => e.TokenName), ("action", e => e.Action),
        ("targetId", e => e.TargetId), ("targetName", e => e.TargetName), ("ownerId", e => e.OwnerId), ("outcome", e => WireNames.Of(e.Outcome)), ("detail", e => e.Detail),
    ];

    public static void MapAudit(this RouteGroupBuilder portal) => portal.MapGroup("/audit").WithTags("Portal").ProducesProblems(ProblemKinds.Always)
        .MapGet("", ListAsync).WithName("listAudit").RequireAuthorization(Policies.ManagePeople)
        .WithSummary("Read the audit log")
        .WithDescription(
            """
            Who did what, newest first: a page as JSON; or, with `format=csv` or `format=jsonl` (or an `Accept` header that says so), all that match as one
            file. Filters combine. A cell of the CSV that a spreadsheet would take for a formula begins with `'`. For administrators.
            """)
        .Produces<AuditListAnswer>(200, "application/json", Csv, JsonLines)
        .ProducesProblems(ProblemKinds.ParameterInvalid, ProblemKinds.NotAllowed);

    private static async Task<IResult> ListAsync(
        HttpContext context, IAuditLog log, TimeProvider time,
        [Description("Only lines with this in the name of the actor, the target or the token; or with this id or address."), MaxLength(200)] string? search,
        [Description("Only this action, or all that begin so, such as `stack.`."), MaxLength(50)] string? action,
        [Description("Only what was done in this way.")] Choice<AuditWay>? way,
        [Description("Only what ended so.")] Choice<AuditOutcome>? outcome,
        [Description("Only from this moment on.")] DateTimeOffset? from,
        [Description("Only before this moment.")] DateTimeOffset? to,
        [Description("Only lines older than this one, whose id it is. `next` carries it."), MaxLength(50)] string? before,
        [Description("Without it, what `Accept` says.")] Choice<AuditFormat>? format,
        CancellationToken cancellationToken,
        [Description("How many lines to answer with; a file has all."), Range(1, 500)] int take = 50)
    {
        var query = new AuditQuery
        {
            Search = search, Action = action, Way = way?.Value, Outcome = outcome?.Value, From = from, To = to, Before = before, Take = take + 1,
        };
        var wanted = format?.Value ?? (context.Request.Accepts(Csv) ? AuditFormat.Csv : context.Request.Accepts(JsonLines) ? AuditFormat.Jsonl : AuditFormat.Json);
        if (wanted == AuditFormat.Json)
        {
            var found = await log.ReadAsync(query, cancellationToken);
            var items = found.Take(take).Select(AuditAnswer.Of).ToList();
            return TypedResults.Ok(new AuditListAnswer(items, found.Count > take ? context.Request.AddressWith("before", items[^1].Id) : null));
        }
        query = query with { Take = Page };
        // Before anything is sent, so that trouble of the database is still told.
        var first = await log.ReadAsync(query, cancellationToken);
        var entries = FollowAsync(log, query, first, cancellationToken);
        return TypedResults.Stream(
            body => wanted == AuditFormat.Csv ? WriteCsvAsync(body, entries, cancellationToken) : WriteJsonLinesAsync(body, entries, cancellationToken),
            wanted == AuditFormat.Csv ? Csv + "; charset=utf-8" : JsonLines,
            string.Create(CultureInfo.InvariantCulture, $"audit-{time.GetUtcNow():yyyy-MM-dd}.{WireNames.Of(wanted)}"));
    }

    private static async IAsyncEnumerable<IReadOnlyList<AuditEntry>> FollowAsync(
        IAuditLog log, AuditQuery query, IReadOnlyList<AuditEntry> page, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            yield return page;
            if (page.Count < query.Take)
            {
                yield break;
            }
            page = await log.ReadAsync(query with { Before = page[^1].Id }, cancellationToken);
        }
    }

    private static async Task WriteCsvAsync(Stream body, IAsyncEnumerable<IReadOnlyList<AuditEntry>> pages, CancellationToken cancellationToken)
    {
        await using var writer = new StreamWriter(body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\r\n" };
        await writer.WriteLineAsync(string.Join(',', Columns.Select(column => Cell(column.Name))));
        await foreach (var page in pages)
        {
            foreach (var entry in page)
            {
                await writer.WriteLineAsync(string.Join(',', Columns.Select(column => Cell(column.Of(entry)))));
            }
            await writer.FlushAsync(cancellationToken);
        }
    }

    private static async Task WriteJsonLinesAsync(Stream body, IAsyncEnumerable<IReadOnlyList<AuditEntry>> pages, CancellationToken cancellationToken)
    {
        await foreach (var page in pages)
        {
            foreach (var entry in page)
            {
                await JsonSerializer.SerializeAsync(body, AuditAnswer.Of(entry), ApiJsonContext.Default.AuditAnswer, cancellationToken);
                await body.WriteAsync("\n"u8.ToArray(), cancellationToken);
            }
        }
    }

    /// <summary>Quoted, and nothing that a spreadsheet would run: names come from people.</summary>
    internal static string Cell(string? text) =>
        $"\"{(text is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] ? "'" : "")}{text?.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private enum AuditFormat
    {
        Json,
        Csv,
        Jsonl,
    }
}
