using System.Collections.Frozen;
using AiStackDeployer.Contract;

namespace AiStackDeployer.LogIngest.Stacks;

/// <summary>
/// Which token belongs to which stack. The portal knows; when it is away, the last list counts, also after a restart. The portal is asked
/// every <see cref="Interval"/>, and at once, though not more often than every <see cref="Pause"/>, when a token comes that is not in the list.
/// </summary>
internal sealed partial class StackList : BackgroundService
{
    private readonly PortalClient _portal;
    private readonly StackListFile _file;
    private readonly TimeProvider _time;
    private readonly ILogger<StackList> _logger;
    private readonly Lock _lock = new();
    private volatile FrozenDictionary<string, string>? _names;
    private string? _etag;
    private long _confirmedAt;
    private long? _askedAt;
    private Task? _asking;
    private string? _trouble;

    public StackList(PortalClient portal, StackListFile file, TimeProvider time, ILogger<StackList> logger)
    {
        (_portal, _file, _time, _logger, _confirmedAt) = (portal, file, time, logger, time.GetUtcNow().UtcTicks);
        if (file.Load() is { } saved)
        {
            _names = Index(saved.Stacks);
            (_etag, _confirmedAt) = (saved.Etag, saved.FetchedAt.UtcTicks);
        }
    }

    public static TimeSpan Interval { get; } = TimeSpan.FromSeconds(10);

    public static TimeSpan Pause { get; } = TimeSpan.FromSeconds(1);

    /// <summary>False until the portal has been heard once; no stack is known by then.</summary>
    public bool IsKnown => _names is not null;

    public int Count => _names?.Count ?? 0;

    /// <summary>Since the portal last confirmed the list; without a list, since the start.</summary>
    public TimeSpan Age => new(_time.GetUtcNow().UtcTicks - Volatile.Read(ref _confirmedAt));

    /// <returns>The name of the stack whose token it is; null when it is nobody's.</returns>
    public async ValueTask<string?> FindAsync(string token, CancellationToken cancellationToken)
    {
        // Nothing that was ever a stack's token: not worth a question to the portal.
        if (token.Length != 69 || !token.StartsWith("aisl_", StringComparison.Ordinal))
        {
            return null;
        }
        var hash = StackKeys.HashOf(token);
        if (_names is { } names && names.TryGetValue(hash, out var name))
        {
            return name;
        }
        bool wasUnderWay;
        do
        {
            // The answer to a question that was under way already may be older than the stack.
            (var answer, wasUnderWay) = Refresh();
            await answer.WaitAsync(cancellationToken);
            name = _names?.GetValueOrDefault(hash);
        }
        while (name is null && wasUnderWay);
        return name;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, _time);
        do
        {
            await Refresh().Answer.WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        while (!stoppingToken.IsCancellationRequested && await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>One question at a time, which all who need it share.</summary>
    private (Task Answer, bool WasUnderWay) Refresh()
    {
        lock (_lock)
        {
            if (_asking is { IsCompleted: false })
            {
                return (_asking, true);
            }
            if (_askedAt is { } asked && _time.GetElapsedTime(asked) < Pause)
            {
                return (Task.CompletedTask, false);
            }
            _askedAt = _time.GetTimestamp();
            return (_asking = AskAsync(), false);
        }
    }

    private async Task AskAsync()
    {
        try
        {
            var answer = await _portal.ListAsync(_etag, CancellationToken.None);
            var now = _time.GetUtcNow();
            Volatile.Write(ref _confirmedAt, now.UtcTicks);
            if (_trouble is not null)
            {
                LogAnswers();
                _trouble = null;
            }
            if (answer is var (stacks, etag))
            {
                _names = Index(stacks);
                _etag = etag;
                LogChanged(stacks.Count);
                _file.Save(new SavedStackList(etag, now, stacks));
            }
        }
        catch (PortalException e)
        {
            // Once for each kind of trouble, not every ten seconds.
            if (_trouble != e.Message)
            {
                _trouble = e.Message;
                LogTrouble(e.Message);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotSaved(e.Message);
        }
    }

    private static FrozenDictionary<string, string> Index(IReadOnlyList<KnownStack> stacks) =>
        stacks.DistinctBy(s => s.TokenHash).ToFrozenDictionary(s => s.TokenHash, s => s.Name);

    [LoggerMessage(1, LogLevel.Information, "The list of stacks has changed: {Count} are known")]
    private partial void LogChanged(int count);

    [LoggerMessage(2, LogLevel.Warning, "The list of stacks cannot be renewed, the last one counts. {Trouble}")]
    private partial void LogTrouble(string trouble);

    [LoggerMessage(3, LogLevel.Information, "The portal answers again")]
    private partial void LogAnswers();

    [LoggerMessage(4, LogLevel.Warning, "The list of stacks cannot be kept for a restart: {Reason}")]
    private partial void LogNotSaved(string reason);
}
