using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Logs;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Web.Presentation;
using AiStackDeployer.Web.Security;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using MudBlazor;

namespace AiStackDeployer.Web.Components.Logs;

/// <summary>
/// Asks for new lines while it is open and a browser is there. What is read from the ingest grows line by line; the container's output is
/// read as a whole, less often, and each time the ingest is tried first.
/// </summary>
public sealed partial class StackLogView
{
    /// <summary>More would be found by searching, not by reading.</summary>
    internal const int MostKept = 5_000;

    /// <summary>Pages that one look reads at most to catch up, after a pause.</summary>
    private const int MostPages = 10;

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);

    /// <summary>While there is nothing to follow line by line.</summary>
    private static readonly TimeSpan SlowLookEvery = TimeSpan.FromSeconds(10);

    private static readonly LogFilter Everything = new();

    private readonly CancellationTokenSource _leaving = new();
    private readonly List<StackLogLine> _lines = [];

    /// <summary>Newer than those shown, while somebody reads further up: what is being read must not move.</summary>
    private readonly List<StackLogLine> _held = [];

    private LogTail? _tail;
    private LogRows? _rows;
    private CancellationToken _left;
    private Task _following = Task.CompletedTask;
    private LogFilter _filter = Everything;
    private StackLogAnswer.Page? _page;
    private string? _stackId;
    private string? _trouble;
    private int _version;
    private int _place;
    private int _asked;
    private DateTimeOffset _slowLookAt;
    private bool _hasEarlier;
    private bool _isReading;
    private bool _isPaused;
    private bool _isAlone;
    private bool _isGone;
    private bool _wasAnswered;

    private enum Want
    {
        /// <summary>The newest lines, in the place of what is shown.</summary>
        Newest,
        Newer,
        Earlier,
    }

    [Parameter, EditorRequired]
    public required string Name { get; set; }

    [CascadingParameter]
    private Task<AuthenticationState>? Authentication { get; set; }

    /// <summary>Below the portal's own address.</summary>
    public static string PathOf(string name) => $"stacks/{name}/logs";

    protected override void OnInitialized()
    {
        _left = _leaving.Token;
        _filter = LogFilter.Of(Navigation.Uri);
        Presence.Lost += LoseAsync;
        Presence.Back += ReturnAsync;
        _following = FollowAsync(_left);
    }

    public async ValueTask DisposeAsync()
    {
        Presence.Lost -= LoseAsync;
        Presence.Back -= ReturnAsync;
        await _leaving.CancelAsync();
        await _following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _leaving.Dispose();
    }

    private async Task FollowAsync(CancellationToken left)
    {
        using var timer = new PeriodicTimer(LookEvery, Time);
        try
        {
            do
            {
                await InvokeAsync(LookAsync);
            }
            while (!_isGone && await timer.WaitForNextTickAsync(left));
        }
        catch (OperationCanceledException) when (left.IsCancellationRequested)
        {
        }
        catch (Exception e)
        {
            await DispatchExceptionAsync(e);
        }
    }

    private async Task LookAsync()
    {
        if (_held.Count > 0 && IsAtEnd)
        {
            ShowHeld();
            StateHasChanged();
        }
        var canFollow = _page is { Origin: LogOrigin.Ingest } && _lines.Count > 0;
        var now = Time.GetUtcNow();
        var isDue = (canFollow && _trouble is null) || now >= _slowLookAt;
        if (!isDue || _isPaused || _isAlone || _isReading || !(canFollow || IsAtEnd))
        {
            return;
        }
        _slowLookAt = now + SlowLookEvery;
        for (var pages = 0; pages < MostPages && !_isPaused && !_isGone; pages++)
        {
            if (!await ReadAsync(canFollow ? Want.Newer : Want.Newest) || !canFollow)
            {
                return;
            }
        }
    }

    /// <summary>The latest question owns the page.</summary>
    /// <returns>Whether there are more of what was wanted.</returns>
    private async Task<bool> ReadAsync(Want want)
    {
        var asked = ++_asked;
        _isReading = true;
        var hasMore = false;
        try
        {
            if (await FindAsync() is not { } stack)
            {
                _isGone = true;
            }
            else
            {
                var answer = await Logs.ReadAsync(stack, QueryOf(want), _left);
                hasMore = asked == _asked && Take(want, answer);
            }
        }
        catch (OperationCanceledException) when (_left.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception e) when (e is StorageUnavailableException or SecretUnreadableException)
        {
            Log.StackLogUnreadable(e, Name);
            _trouble = e is SecretUnreadableException ? T["keys"] : Pages["storage-trouble"];
            if (e is SecretUnreadableException)
            {
                (_page, _version) = (null, _version + 1);
                _lines.Clear();
                _held.Clear();
            }
        }
        if (asked == _asked)
        {
            (_isReading, _wasAnswered) = (false, true);
            StateHasChanged();
        }
        return hasMore;
    }

    /// <summary>Each time: it may have been deleted or handed over, and another one may have its name.</summary>
    private async Task<Stack?> FindAsync()
    {
        var user = await Authentication.UserAsync();
        var found = _stackId is null ? await Acts.OpenLogAsync(Actor.Of(user), Name, _left) : await Visible.FindStackAsync(user, Name, _left);
        if (found is not ({ Stack: var stack }, _))
        {
            return null;
        }
        _stackId ??= stack.Id;
        return stack.Id == _stackId ? stack : null;
    }

    private StackLogQuery QueryOf(Want want) => want switch
    {
        Want.Newer => _filter.ToQuery() with { After = Tail.Place },
        Want.Earlier => _filter.ToQuery() with { Before = _lines[0].Cursor },
        _ => _filter.ToQuery(),
    };

    private bool Take(Want want, StackLogAnswer answer)
    {
        if (answer is not StackLogAnswer.Page page)
        {
            // What is shown stays. An ingest that lost its store does not know the cursors any more: then from the start.
            _trouble = T["away"];
            if (answer is StackLogAnswer.CursorInvalid)
            {
                _page = null;
            }
            return false;
        }
        switch (want)
        {
            case Want.Newer:
                _held.AddRange(Tail.New(page));
                if (IsAtEnd || _held.Count > MostKept)
                {
                    ShowHeld();
                }
                break;
            case Want.Earlier:
                _lines.InsertRange(0, page.Lines.Reverse());
                _hasEarlier = page.More;
                break;
            default:
                Tail.Reset();
                _held.Clear();
                _lines.Clear();
                _lines.AddRange(page.Lines.Reverse());
                _hasEarlier = page.More;
                break;
        }
        (_page, _trouble) = (page, null);
        _version++;
        return page.More;
    }

    private LogTail Tail => _tail ??= new LogTail(_lines, _held);

    private bool IsAtEnd => _rows is not { IsAtEnd: false };

    private void ShowHeld()
    {
        _lines.AddRange(_held);
        _held.Clear();
        if (_lines.Count > MostKept)
        {
            _lines.RemoveRange(0, _lines.Count - MostKept);
            _hasEarlier = true;
        }
        _version++;
    }

    /// <summary>A new list begins at its end.</summary>
    private void ToEnd()
    {
        ShowHeld();
        _place++;
    }

    private async Task FilterAsync(LogFilter filter)
    {
        if (filter == _filter)
        {
            return;
        }
        _filter = filter;
        await ReadAsync(Want.Newest);
        await Tab.SetAddressAsync(filter.AddressOf(PathOf(Name)), _left);
    }

    private Task EarlierAsync() => ReadAsync(Want.Earlier);

    private Task TurnAsync()
    {
        _isPaused = !_isPaused;
        return LookSoonAsync();
    }

    private async Task CopyAsync()
    {
        var isCopied = await Tab.CopyAsync(string.Join('\n', _lines.Select(LogText.Plain)), _left);
        Messages.Add(Pages[isCopied ? "cred-copied" : "cred-copy-failed"], isCopied ? Severity.Normal : Severity.Warning);
    }

    /// <summary>Nobody sees what would be read now.</summary>
    private Task LoseAsync() => InvokeAsync(() => _isAlone = true);

    private Task ReturnAsync() => InvokeAsync(() =>
    {
        _isAlone = false;
        return LookSoonAsync();
    });

    private Task LookSoonAsync()
    {
        _slowLookAt = default;
        return LookAsync();
    }

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
