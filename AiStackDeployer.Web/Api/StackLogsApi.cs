using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AiStackDeployer.Core.Logs;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Web.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AiStackDeployer.Web.Api;

internal static class StackLogsApi
{
    public static void MapStackLogs(this RouteGroupBuilder portal) => portal.MapGroup("/stacks").WithTags("Stacks").ProducesProblems(ProblemKinds.Always)
        .MapGet("/{name}/logs", ListAsync).WithName("listStackLogs")
        .WithSummary("Read a stack's log")
        .WithDescription(
            """
            What OpenCode in the stack and the portal did, from the log ingest; where there is none, it does not answer or has nothing, the last 500 lines of
            the container's own output. Newest first. Follow it by asking again with `after`, the newest cursor you have. Filters combine. Of somebody
            else's stack, for operators, the first call is recorded in the audit log.
            """)
        .ProducesProblems(ProblemKinds.ParameterInvalid, ProblemKinds.StackNotFound, ProblemKinds.CredentialsUnreadable, ProblemKinds.LogsUnavailable);

    private static async Task<Results<Ok<StackLogAnswerPage>, ProblemHttpResult>> ListAsync(
        [Description("The stack's name.")] string name, HttpContext context, StackActs acts, VisibleDeployments visible, StackLogs logs,
        [Description("Only lines with all of these words, whatever their case."), MaxLength(StackLogQuery.LongestSearch)] string? q,
        [Description("Only lines of this level. Repeat it for several.")] Choice<LineLevel>[]? level,
        [Description("Only lines that this one wrote. Repeat it for several; `container` alone reads the container's own output.")] Choice<LogSource>[]? source,
        [Description("Only events of this type, such as `session.error`."), MaxLength(100)] string? type,
        [Description("Only lines older than the one with this cursor."), MaxLength(StackLogQuery.LongestCursor)] string? before,
        [Description("Only lines newer than the one with this cursor, oldest first."), MaxLength(StackLogQuery.LongestCursor)] string? after,
        CancellationToken cancellationToken,
        [Description("How many lines to answer with."), Range(1, StackLogQuery.MostLines)] int limit = 100)
    {
        // Who goes on from a cursor has opened it before.
        var found = before is null && after is null
            ? await acts.OpenLogAsync(Actor.Of(context), name, cancellationToken)
            : await visible.FindStackAsync(context.User, name, cancellationToken);
        if (found is not ({ Stack: var stack }, _))
        {
            return Problems.Of(ProblemKinds.StackNotFound);
        }
        var query = new StackLogQuery
        {
            Search = string.IsNullOrWhiteSpace(q) ? null : q.Trim(), Levels = [.. level?.Select(l => l.Value) ?? []], Sources = [.. source?.Select(s => s.Value) ?? []],
            Type = type, Before = before, After = after, Limit = limit,
        };
        try
        {
            return await logs.ReadAsync(stack, query, cancellationToken) switch
            {
                StackLogAnswer.Page page => TypedResults.Ok(new StackLogAnswerPage([.. page.Lines.Select(StackLogLineAnswer.Of)], page.More, page.Origin, page.Ingest)),
                StackLogAnswer.CursorInvalid => Problems.Of(ProblemKinds.ParameterInvalid, parameter: before is null ? nameof(after) : nameof(before)),
                _ => Problems.Of(ProblemKinds.LogsUnavailable),
            };
        }
        catch (SecretUnreadableException)
        {
            return Problems.Of(ProblemKinds.CredentialsUnreadable);
        }
    }
}
