using AiStackDeployer.Core;
using AiStackDeployer.Core.Notices;
using AiStackDeployer.Tests.TestKit;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace AiStackDeployer.Tests.Notices;

/// <summary>The round over everything: what a process that dies or comes late does to it.</summary>
public sealed class NoticeRoundTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly MemoryValues _values = new();
    private readonly History _history = new();
    private readonly Postman _postman = new();
    private readonly LogBook _log = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _log.Dispose();

    private NoticeStore Notices => new(_values);

    [Fact]
    public async Task What_happened_before_the_first_round_is_told_to_nobody_and_what_follows_once()
    {
        await KnowAsync("usr_1");
        Happens("old", "usr_1");
        await RoundAsync();
        Happens("new", "usr_1");
        for (var round = 0; round < 5; round++)
        {
            await RoundAsync();
        }
        Assert.Equal(["new"], _postman.Sent.SelectMany(d => d.Notices).Select(n => n.StackName));
    }

    [Fact]
    public async Task A_round_that_dies_at_any_write_loses_nothing_and_sends_again_only_under_the_same_id()
    {
        await KnowAsync("usr_1");
        await KnowAsync("usr_2");
        await RoundAsync();
        Happens("one", "usr_1");
        Happens("two", "usr_2");
        for (var writes = 0; writes < 12; writes++)
        {
            var dying = new DyingValues(_values, writes);
            try
            {
                await RoundAsync(dying);
            }
            catch (DiedException)
            {
                // As a process that is killed: the next round is another's.
            }
            _time.Advance(TimeSpan.FromMinutes(1));
        }
        for (var round = 0; round < 30; round++)
        {
            await RoundAsync();
        }
        Assert.Equal(["one", "two"], _postman.Sent.DistinctBy(d => d.Id).SelectMany(d => d.Notices).Select(n => n.StackName).Order());
        Assert.True(_postman.Sent.Count > 2, "No death fell between a message and its record.");
        Assert.All(await Notices.ListBoxesAsync(Token), box => Assert.Empty(box.Value.Waiting));
    }

    [Fact]
    public async Task A_round_that_was_paused_and_overtaken_neither_sends_what_the_other_sent_nor_takes_the_cursor_back()
    {
        await KnowAsync("usr_1");
        await RoundAsync();
        Happens("one", "usr_1");
        var paused = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        _history.Reading = async () =>
        {
            paused.SetResult();
            await goOn.Task;
        };
        var late = RoundAsync();
        await paused.Task;
        _history.Reading = null;
        _time.Advance(TimeSpan.FromMinutes(20));
        Happens("two", "usr_1");
        await RoundAsync();
        var cursor = _values.All["notices-cursor"];

        goOn.SetResult();
        await late;

        Assert.Equal(cursor, _values.All["notices-cursor"]);
        Assert.Equal(["one", "two"], _postman.Sent.SelectMany(d => d.Notices).Select(n => n.StackName).Order());
    }

    [Fact]
    public async Task A_stack_that_was_handed_over_is_told_of_to_nobody_who_had_it()
    {
        await KnowAsync("usr_1");
        await RoundAsync();
        _postman.Result = new DeliveryResult(DeliveryFault.TimedOut);
        Happens("one", "usr_1");
        await RoundAsync();
        _history.Owners["stk_one"] = "usr_2";
        _postman.Result = DeliveryResult.Delivered;
        _postman.Sent.Clear();
        _time.Advance(TimeSpan.FromHours(1));
        await RoundAsync();

        Assert.Empty(_postman.Sent);
        Assert.Empty((await Notices.ReadBoxAsync("usr_1", Token)).Waiting);
    }

    [Fact]
    public async Task Who_wants_or_can_get_nothing_has_no_box()
    {
        await Notices.ChangeAsync("usr_1", person => person with { Email = "a@test", EmailKinds = [NoticeKind.Update] }, Token);
        await RoundAsync();
        Happens("one", "usr_1");
        Happens("two", "usr_without_address");
        await RoundAsync();
        Assert.Empty(await Notices.ListBoxesAsync(Token));
    }

    [Fact]
    public async Task A_message_that_is_never_taken_is_logged_shown_and_let_go()
    {
        await KnowAsync("usr_1");
        await RoundAsync();
        _postman.Result = new DeliveryResult(DeliveryFault.Refused, "550");
        Happens("one", "usr_1");
        for (var quarter = 0; quarter < 40; quarter++)
        {
            await RoundAsync();
            _time.Advance(TimeSpan.FromMinutes(15));
        }
        Assert.Equal(6, _postman.Sent.Count);
        Assert.Equal("550", Assert.Single((await Notices.ReadBoxAsync("usr_1", Token)).Dead).Detail);
        Assert.Contains("given up: True", _log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("usr_1@test", _log.Text, StringComparison.Ordinal);
    }

    private Task KnowAsync(string person) => Notices.ChangeAsync(person, before => before with { Email = person + "@test" }, Token);

    private void Happens(string stack, string owner)
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        _history.Happened.Add(new Notice(NoticeCause.OperationFailed, "stk_" + stack, stack, owner, _time.GetUtcNow()));
        _history.Owners["stk_" + stack] = owner;
    }

    private async Task RoundAsync(IPortalValues? values = null)
    {
        using var factory = new LoggerFactory([_log]);
        await new NoticeCourier([_history], _history, new NoticeStore(values ?? _values), [_postman], _time, factory.CreateLogger<NoticeCourier>()).RunAsync(Token);
        _time.Advance(TimeSpan.FromMinutes(1));
    }

    private sealed class History : INoticeSource, IStackOwners
    {
        public List<Notice> Happened { get; } = [];

        public Dictionary<string, string> Owners { get; } = [];

        public Func<Task>? Reading { get; set; }

        public async Task<IReadOnlyList<Notice>> ReadAsync(DateTimeOffset since, DateTimeOffset until, CancellationToken cancellationToken)
        {
            Notice[] found = [.. Happened.Where(notice => notice.At > since && notice.At <= until)];
            await (Reading?.Invoke() ?? Task.CompletedTask);
            return found;
        }

        public Task<IReadOnlyDictionary<string, string>> OwnersAsync(IReadOnlyCollection<string> stackIds, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyDictionary<string, string>>(Owners);
    }

    private sealed class Postman : INoticeSender
    {
        public List<NoticeDelivery> Sent { get; } = [];

        public DeliveryResult Result { get; set; } = DeliveryResult.Delivered;

        public NoticeWay Way => NoticeWay.Email;

        public bool CanReach(NoticePreferences person) => person.Email is not null;

        public Task<DeliveryResult> SendAsync(NoticePreferences person, NoticeDelivery delivery, CancellationToken cancellationToken)
        {
            lock (Sent)
            {
                Sent.Add(delivery);
            }
            return Task.FromResult(Result);
        }
    }

    private sealed class DiedException : Exception;

    /// <summary>Takes so many writes, and then the process is gone.</summary>
    private sealed class DyingValues(MemoryValues values, int writes) : IPortalValues
    {
        private int _left = writes;

        public Task<string?> ReadAsync(string key, CancellationToken cancellationToken) => values.ReadAsync(key, cancellationToken);

        public Task<IReadOnlyDictionary<string, string>> ListAsync(string prefix, CancellationToken cancellationToken) => values.ListAsync(prefix, cancellationToken);

        public Task WriteAsync(string key, string? json, string changedBy, CancellationToken cancellationToken) => ChangeAsync(key, _ => json, changedBy, cancellationToken);

        public Task ChangeAsync(string key, Func<string?, string?> change, string changedBy, CancellationToken cancellationToken) =>
            Interlocked.Decrement(ref _left) < 0 ? throw new DiedException() : values.ChangeAsync(key, change, changedBy, cancellationToken);
    }
}
