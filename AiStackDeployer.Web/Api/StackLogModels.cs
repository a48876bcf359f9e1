using AiStackDeployer.Core.Logs;

namespace AiStackDeployer.Web.Api;

/// <summary>One line of a stack's log. Secrets in it are masked; what it says was written by other programs.</summary>
/// <param name="Cursor">Its place, for `before` and `after`.</param>
/// <param name="At">When it was written.</param>
/// <param name="Source">Who wrote it: OpenCode in the stack, the portal, or the container.</param>
/// <param name="Type">What happened, such as `session.error` or `deployment.failed`; absent of a container's line.</param>
/// <param name="Level">How bad it is; of a container's line by the word it begins with.</param>
/// <param name="SessionId">OpenCode's session; absent when it is of none.</param>
/// <param name="Message">A sentence; absent when the type and `attrs` say it all.</param>
/// <param name="Attrs">Facts by their names, such as a model or a duration; absent when there are none.</param>
public sealed record StackLogLineAnswer(
    string Cursor, DateTimeOffset At, LogSource Source, string? Type, LineLevel Level, string? SessionId, string? Message, IReadOnlyDictionary<string, string>? Attrs)
{
    internal static StackLogLineAnswer Of(StackLogLine line) =>
        new(line.Cursor, line.At, line.Source, line.Type, line.Level, line.SessionId, line.Message, line.Attrs.Count == 0 ? null : line.Attrs);
}

/// <summary>A page of a stack's log.</summary>
/// <param name="Entries">Newest first; with `after`, oldest first.</param>
/// <param name="More">Whether there are more in this direction: go on from the last one's cursor.</param>
/// <param name="Origin">Where they were read: in the log ingest, or in the container's own output.</param>
/// <param name="Ingest">What the log ingest said; tells why lines are the container's.</param>
public sealed record StackLogAnswerPage(IReadOnlyList<StackLogLineAnswer> Entries, bool More, LogOrigin Origin, IngestState Ingest);
