using Microsoft.Extensions.Logging;

namespace AiStackDeployer.Core.Builds;

/// <summary>
/// The last builds, for everybody who looks: Gitea is asked only while somebody does, and at most once a minute, whatever came of it.
/// While it does not answer, what it said last is kept. Nothing else of the portal asks it.
/// </summary>
public sealed partial class BuildRuns : IDisposable
{
    public static readonly TimeSpan Kept = TimeSpan.FromSeconds(60);

    /// <summary>Longer than this nobody is asked to wait; an operator would think the setting is not read.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(15);

    private readonly GiteaClient? _gitea;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _asking = new(1);
    private BuildReport _last = new([], null, null);
    private DateTimeOffset _next;

    internal BuildRuns(GiteaClient? gitea, TimeProvider time, ILogger<BuildRuns> logger) => (_gitea, _time, _logger) = (gitea, time, logger);

    /// <summary>False = the operator has named no Gitea.</summary>
    public bool AreTold => _gitea is not null;

    public async Task<BuildReport> ReadAsync(CancellationToken cancellationToken)
    {
        if (_gitea is null)
        {
            return _last;
        }
        await _asking.WaitAsync(cancellationToken);
        try
        {
            if (_time.GetUtcNow() >= _next)
            {
                await AskAsync(_gitea, cancellationToken);
            }
            return _last;
        }
        finally
        {
            _asking.Release();
        }
    }

    public void Dispose() => _asking.Dispose();

    private async Task AskAsync(GiteaClient gitea, CancellationToken cancellationToken)
    {
        var pause = Kept;
        // Also when it ends in a fault, or the reader leaves: that was a call too.
        _next = _time.GetUtcNow() + pause;
        try
        {
            _last = new BuildReport(await gitea.ListRunsAsync(cancellationToken), _time.GetUtcNow(), null);
        }
        catch (GiteaException e)
        {
            NotTold(e.Message);
            _last = _last with { Trouble = e.Kind };
            if (e.RetryAfter is { } longer && longer > pause)
            {
                _next = _time.GetUtcNow() + (longer < LongestPause ? longer : LongestPause);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The builds are not told: {Reason}")]
    private partial void NotTold(string reason);
}
