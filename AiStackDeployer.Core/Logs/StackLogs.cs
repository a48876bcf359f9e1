using System.Globalization;
using System.Text.RegularExpressions;
using AiStackDeployer.Core.Stacks;
using Microsoft.Extensions.Logging;

namespace AiStackDeployer.Core.Logs;

/// <summary>
/// The log of one stack: from the ingest; else, or when asked for, the container's own output. A cursor stays with where it came from, so
/// that lines of the two are never mixed.
/// </summary>
public sealed partial class StackLogs
{
    /// <summary>How many of the container's last lines there are to read.</summary>
    public const int ContainerLines = 500;

    private const string ContainerMark = "container-";

    private readonly IContainerLog _container;
    private readonly LogIngestClient? _ingest;
    private readonly RecentReads<string, IReadOnlyList<ContainerLine>?> _reads;
    private readonly ILogger _logger;

    internal StackLogs(IContainerLog container, LogIngestClient? ingest, TimeProvider time, ILogger<StackLogs> logger)
    {
        (_container, _ingest, _logger) = (container, ingest, logger);
        _reads = new RecentReads<string, IReadOnlyList<ContainerLine>?>(time);
    }

    /// <exception cref="SecretUnreadableException">What must be masked is not known, so nothing can be shown.</exception>
    public async Task<StackLogAnswer> ReadAsync(Stack stack, StackLogQuery query, CancellationToken cancellationToken)
    {
        var cursor = query.Before ?? query.After;
        if (query.Sources is [LogSource.Container] || cursor?.StartsWith(ContainerMark, StringComparison.Ordinal) == true)
        {
            return await ReadContainerAsync(stack, query, _ingest is null ? IngestState.NotConfigured : IngestState.Answers, cancellationToken);
        }
        var (page, state) = await AskIngestAsync(stack, query, cancellationToken);
        if (page is not null)
        {
            return page;
        }
        if (cursor is not null)
        {
            return state is null ? new StackLogAnswer.CursorInvalid() : new StackLogAnswer.Away(state.Value);
        }
        var why = state ?? IngestState.Away;
        // The portal's own lines stand nowhere else, and neither does what has a type.
        if (query.Type is not null || query.Sources is [LogSource.Portal])
        {
            return why is IngestState.Empty or IngestState.NotConfigured ? new StackLogAnswer.Page([], More: false, LogOrigin.Ingest, why) : new StackLogAnswer.Away(why);
        }
        return await ReadContainerAsync(stack, query, why, cancellationToken);
    }

    /// <summary>Whether the ingest answers and takes the portal's key.</summary>
    public async Task<IngestState> CheckIngestAsync(DateTimeOffset since, CancellationToken cancellationToken)
    {
        if (_ingest is null)
        {
            return IngestState.NotConfigured;
        }
        try
        {
            // A name that no stack can have: an answer without lines.
            await _ingest.QueryAsync("-", since, new StackLogQuery { Limit = 1 }, cancellationToken);
            return IngestState.Answers;
        }
        catch (LogIngestException e)
        {
            return e.Kind switch
            {
                LogIngestFault.KeyRefused => IngestState.KeyRefused,
                // It answered, and understands the key.
                LogIngestFault.Invalid => IngestState.Answers,
                _ => IngestState.Away,
            };
        }
    }

    /// <summary>A page, or why there is none; neither = it finds the question invalid.</summary>
    private async Task<(StackLogAnswer.Page? Page, IngestState? State)> AskIngestAsync(Stack stack, StackLogQuery query, CancellationToken cancellationToken)
    {
        if (_ingest is null)
        {
            return (null, IngestState.NotConfigured);
        }
        try
        {
            var page = Translate(stack, query, await _ingest.QueryAsync(stack.Name, stack.CreatedAt, query, cancellationToken));
            var isEmpty = page.Lines.Count == 0 && query is { Before: null, After: null }
                && (!query.IsFiltered || Translate(stack, query, await _ingest.QueryAsync(stack.Name, stack.CreatedAt, new StackLogQuery { Limit = 1 }, cancellationToken)).Lines.Count == 0);
            return isEmpty ? (null, IngestState.Empty) : (page, IngestState.Answers);
        }
        catch (LogIngestException e)
        {
            IngestFailed(e.Message);
            return (null, e.Kind switch
            {
                LogIngestFault.KeyRefused => IngestState.KeyRefused,
                LogIngestFault.Invalid => null,
                _ => IngestState.Away,
            });
        }
    }

    private StackLogAnswer.Page Translate(Stack stack, StackLogQuery query, LogIngestPage page)
    {
        var mask = _container.MaskOf(stack);
        // A stack of the same name that was deleted may have been somebody else's; also where a question does not keep to its beginning.
        var own = page.Entries.Where(e => e.Cursor is not null && e.Ts >= stack.CreatedAt && (e.Stack is null || e.Stack == stack.Name)).ToList();
        var isAtStart = query.After is null && page.Entries.Any(e => e.Ts < stack.CreatedAt);
        return new StackLogAnswer.Page([.. own.Select(e => LineOf(e, mask))], page.More && !isAtStart, LogOrigin.Ingest, IngestState.Answers);
    }

    private static StackLogLine LineOf(LogIngestEntry entry, Func<string, string> mask) => new()
    {
        Cursor = entry.Cursor!,
        At = entry.Ts!.Value,
        Source = entry.Source == "portal" ? LogSource.Portal : LogSource.Opencode,
        Type = Masked(entry.Type, mask),
        Level = Enum.TryParse<LineLevel>(entry.Level, ignoreCase: true, out var level) && Enum.IsDefined(level) ? level : LineLevel.Info,
        SessionId = Masked(entry.SessionId, mask),
        Message = Masked(entry.Message, mask),
        Attrs = entry.Attrs.Select(fact => KeyValuePair.Create(mask(fact.Key), mask(fact.Value.ToString().ReplaceLineEndings(" ")))).DistinctBy(fact => fact.Key).ToDictionary(),
    };

    private static string? Masked(string? text, Func<string, string> mask) => text is { Length: > 0 } ? mask(text.ReplaceLineEndings(" ")) : null;

    private async Task<StackLogAnswer> ReadContainerAsync(Stack stack, StackLogQuery query, IngestState why, CancellationToken cancellationToken)
    {
        // With the keys gone it must fail before anything is read from what another call read.
        _container.MaskOf(stack);
        if (await _reads.ReadAsync(stack.Id, () => _container.ReadLinesAsync(stack, ContainerLines, CancellationToken.None)).WaitAsync(cancellationToken) is not { } output)
        {
            return new StackLogAnswer.Away(why);
        }
        var cursor = query.Before ?? query.After;
        if (cursor?.StartsWith(ContainerMark, StringComparison.Ordinal) == false)
        {
            return new StackLogAnswer.CursorInvalid();
        }
        var words = query.Search?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        var matching = LinesOf(output)
            .Where(line => (query.After is null || string.CompareOrdinal(line.Cursor, query.After) > 0) && (query.Before is null || string.CompareOrdinal(line.Cursor, query.Before) < 0))
            .Where(line => (query.Levels.Count == 0 || query.Levels.Contains(line.Level)) && words.All(word => line.Message!.Contains(word, StringComparison.OrdinalIgnoreCase)))
            .ToList();
        if (query.After is null)
        {
            matching.Reverse();
        }
        return new StackLogAnswer.Page([.. matching.Take(query.Limit)], matching.Count > query.Limit, LogOrigin.Container, why);
    }

    /// <summary>Their places are comparable as texts: the time, and a number among those of the same time.</summary>
    private static List<StackLogLine> LinesOf(IReadOnlyList<ContainerLine> output)
    {
        var (before, number) = (DateTimeOffset.MinValue, 0);
        var lines = new List<StackLogLine>(output.Count);
        foreach (var line in output)
        {
            number = line.At == before ? number + 1 : 0;
            before = line.At;
            lines.Add(new StackLogLine
            {
                Cursor = string.Create(CultureInfo.InvariantCulture, $"{ContainerMark}{line.At.UtcTicks:D19}-{number:D5}"),
                At = line.At,
                Source = LogSource.Container,
                Level = LevelOf(line.Text),
                Message = line.Text,
            });
        }
        return lines;
    }

    /// <summary>By the word that programs begin a line with.</summary>
    private static LineLevel LevelOf(string text) => LevelWord().Match(text) is not { Success: true } word ? LineLevel.Info : word.Value switch
    {
        "DEBUG" or "TRACE" => LineLevel.Debug,
        "WARN" or "WARNING" => LineLevel.Warn,
        "ERROR" or "FATAL" => LineLevel.Error,
        _ => LineLevel.Info,
    };

    [GeneratedRegex(@"(?<=^.{0,60})\b(?:TRACE|DEBUG|INFO|WARN|WARNING|ERROR|FATAL)\b")]
    private static partial Regex LevelWord();

    [LoggerMessage(Level = LogLevel.Warning, Message = "A stack's log is not read from the ingest: {Reason}")]
    private partial void IngestFailed(string reason);
}
