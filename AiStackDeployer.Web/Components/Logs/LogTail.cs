using System.Globalization;
using AiStackDeployer.Core.Logs;

namespace AiStackDeployer.Web.Components.Logs;

/// <summary>
/// Where a look for new lines begins. Lines are in the order of their times, and one may arrive when a later one of another source is
/// shown already; so each look begins a little further back, and what is known is left out.
/// </summary>
internal sealed class LogTail(IReadOnlyList<StackLogLine> shown, IReadOnlyList<StackLogLine> held)
{
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(10);

    /// <summary>Where the next page begins while a look needs several; else null.</summary>
    private string? _readTo;

    /// <summary>A cursor, or a time.</summary>
    public string Place => _readTo ?? Start.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>Not of the last line, which may be a late one.</summary>
    private DateTimeOffset Start => Known.Max(line => line.At).ToUniversalTime() - Overlap;

    private IEnumerable<StackLogLine> Known => shown.Concat(held);

    public IReadOnlyList<StackLogLine> New(StackLogAnswer.Page page)
    {
        var start = Start;
        var known = Known.Where(line => line.At >= start).Select(line => line.Cursor).ToHashSet();
        _readTo = page is { More: true, Lines: [.., var last] } ? last.Cursor : null;
        return [.. page.Lines.Where(line => !known.Contains(line.Cursor))];
    }

    public void Reset() => _readTo = null;
}
