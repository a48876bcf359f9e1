using System.Threading.Channels;
using AiStackDeployer.Core.Naming;
using Microsoft.Extensions.Time.Testing;

namespace AiStackDeployer.Tests.Naming;

public sealed class LatestQuestionTests
{
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(250);

    private readonly FakeTimeProvider _time = new();
    private readonly Channel<Asked> _asked = Channel.CreateUnbounded<Asked>();
    private readonly Channel<string> _delivered = Channel.CreateUnbounded<string>();
    private readonly Channel<Exception> _failed = Channel.CreateUnbounded<Exception>();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private LatestQuestion<string, int> Create(Func<Action, Task>? dispatch = null) => new(
        (question, cancellationToken) =>
        {
            var call = new Asked(question, new TaskCompletionSource<int>(), cancellationToken);
            _asked.Writer.TryWrite(call);
            return call.Answer.Task;
        },
        (question, answer) => _delivered.Writer.TryWrite($"{question}={answer}"),
        fault => _failed.Writer.TryWrite(fault),
        dispatch ?? RunAtOnce,
        Quiet,
        _time);

    private static Task RunAtOnce(Action action)
    {
        action();
        return Task.CompletedTask;
    }

    private async Task<Asked> AskAndWaitAsync(LatestQuestion<string, int> questions, string question)
    {
        questions.Ask(question);
        _time.Advance(Quiet);
        return await _asked.Reader.ReadAsync(Ct);
    }

    [Fact]
    public async Task A_question_goes_out_after_the_quiet_period_and_its_answer_is_delivered()
    {
        await using var questions = Create();

        questions.Ask("a");
        _time.Advance(Quiet - TimeSpan.FromMilliseconds(1));
        Assert.False(_asked.Reader.TryRead(out _));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        (await _asked.Reader.ReadAsync(Ct)).Answer.SetResult(1);

        Assert.Equal("a=1", await _delivered.Reader.ReadAsync(Ct));
    }

    [Fact]
    public async Task Of_many_questions_in_quick_succession_only_the_last_goes_out()
    {
        var questions = Create();
        foreach (var question in new[] { "d", "de", "des", "desi" })
        {
            questions.Ask(question);
            _time.Advance(Quiet - TimeSpan.FromMilliseconds(1));
        }

        var last = await AskAndWaitAsync(questions, "design");
        last.Answer.SetResult(1);
        await questions.DisposeAsync();

        Assert.Equal("design", last.Question);
        Assert.False(_asked.Reader.TryRead(out _));
    }

    [Fact]
    public async Task A_late_answer_to_an_overtaken_question_is_never_delivered()
    {
        var questions = Create();
        var first = await AskAndWaitAsync(questions, "a");
        var second = await AskAndWaitAsync(questions, "b");
        Assert.True(first.Token.IsCancellationRequested);

        second.Answer.SetResult(2);
        Assert.Equal("b=2", await _delivered.Reader.ReadAsync(Ct));
        first.Answer.SetResult(1);
        await questions.DisposeAsync();

        Assert.False(_delivered.Reader.TryRead(out _));
        Assert.False(_failed.Reader.TryRead(out _));
    }

    [Fact]
    public async Task An_answer_overtaken_on_its_way_to_the_dispatcher_is_not_delivered()
    {
        var dispatcher = Channel.CreateUnbounded<(Action Action, TaskCompletionSource Done)>();
        var questions = Create(action =>
        {
            var done = new TaskCompletionSource();
            dispatcher.Writer.TryWrite((action, done));
            return done.Task;
        });
        (await AskAndWaitAsync(questions, "a")).Answer.SetResult(1);
        var onItsWay = await dispatcher.Reader.ReadAsync(Ct);

        questions.Ask("b");
        onItsWay.Action();
        onItsWay.Done.SetResult();
        await questions.DisposeAsync();

        Assert.False(_delivered.Reader.TryRead(out _));
    }

    [Fact]
    public async Task A_withdrawn_question_gets_no_answer_and_the_next_one_does()
    {
        await using var questions = Create();
        var first = await AskAndWaitAsync(questions, "a");

        questions.Withdraw();
        first.Answer.SetResult(1);
        (await AskAndWaitAsync(questions, "b")).Answer.SetResult(2);

        Assert.Equal("b=2", await _delivered.Reader.ReadAsync(Ct));
    }

    [Fact]
    public async Task A_fault_of_the_latest_question_is_told_and_the_next_one_works()
    {
        await using var questions = Create();
        (await AskAndWaitAsync(questions, "a")).Answer.SetException(new InvalidOperationException("broken"));
        Assert.Equal("broken", (await _failed.Reader.ReadAsync(Ct)).Message);

        (await AskAndWaitAsync(questions, "b")).Answer.SetResult(2);

        Assert.Equal("b=2", await _delivered.Reader.ReadAsync(Ct));
    }

    [Fact]
    public async Task A_fault_of_an_overtaken_question_is_nobodys_business()
    {
        var questions = Create();
        var first = await AskAndWaitAsync(questions, "a");
        questions.Ask("b");

        first.Answer.SetException(new InvalidOperationException("late"));
        await questions.DisposeAsync();

        Assert.False(_failed.Reader.TryRead(out _));
    }

    [Fact]
    public async Task Disposal_cancels_and_waits_for_everything_still_running()
    {
        var questions = Create();
        var first = await AskAndWaitAsync(questions, "a");
        var second = await AskAndWaitAsync(questions, "b");

        var disposing = questions.DisposeAsync().AsTask();
        Assert.True(second.Token.IsCancellationRequested);
        second.Answer.SetResult(2);
        Assert.False(disposing.IsCompleted);
        first.Answer.SetResult(1);
        await disposing;

        Assert.False(_delivered.Reader.TryRead(out _));
    }

    [Fact]
    public async Task After_disposal_a_question_is_not_asked()
    {
        var questions = Create();
        await questions.DisposeAsync();

        questions.Ask("a");
        _time.Advance(Quiet);

        Assert.False(_asked.Reader.TryRead(out _));
    }

    private sealed record Asked(string Question, TaskCompletionSource<int> Answer, CancellationToken Token);
}
