using AiStackDeployer.Core.Notices;

namespace AiStackDeployer.Tests.Notices;

/// <summary>What waits for one person: nothing twice, nothing in a flood, nothing for ever.</summary>
public sealed class NoticeBoxTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void One_stack_and_cause_is_told_once_an_hour_however_often_it_is_read()
    {
        var box = Take(NoticeBox.Empty, 0, Failed("one", 0), Failed("one", 50), Failed("two", 50));
        Assert.Same(box, Take(box, 1, Failed("one", 0), Failed("one", 50), Failed("two", 50)));

        box = Take(box, 61, Failed("one", 61));

        Assert.Equal([("one", 0), ("two", 50), ("one", 61)], box.Waiting.SelectMany(d => d.Notices).Select(n => (n.StackName, (int)(n.At - Now).TotalMinutes)));
    }

    [Fact]
    public void What_happens_at_once_is_one_message() => Assert.Equal(
        ["one two three"], Take(NoticeBox.Empty, 1, Failed("one", 0), Failed("two", 0), Failed("three", 1)).Waiting.Select(d => string.Join(' ', d.Notices.Select(n => n.StackName))));

    [Fact]
    public void What_happens_soon_after_a_message_comes_together_in_the_next()
    {
        var box = Take(NoticeBox.Empty, 0, Failed("one", 0));
        box = Take(box, 1, Failed("two", 1));
        box = Take(box, 9, Failed("three", 9));

        Assert.Equal([("one", 0), ("two three", 10)], box.Waiting.Select(d => (string.Join(' ', d.Notices.Select(n => n.StackName)), (int)(d.DueAt - Now).TotalMinutes)));
        // What is due may be on its way.
        box = Take(box, 10, Failed("four", 10));
        Assert.Equal(["one", "two three", "four"], box.Waiting.Select(d => string.Join(' ', d.Notices.Select(n => n.StackName))));
        Assert.Equal(3, box.Waiting.Select(d => d.Id).Distinct().Count());
    }

    [Fact]
    public void An_attempt_is_made_by_one_repeated_later_each_time_and_at_last_given_up()
    {
        var box = Take(NoticeBox.Empty, 0, Failed("one", 0));
        var id = box.Waiting[0].Id;
        var now = Now;
        var attempts = 0;
        while (box.Waiting.Count > 0 && attempts < 20)
        {
            (box, var begun) = box.Begin(id, now);
            Assert.Null(box.Begin(id, now).Begun);
            attempts++;
            box = box.After(begun!, new DeliveryResult(DeliveryFault.Refused, "500"), now);
            now = box.Waiting is [var waiting, ..] ? waiting.DueAt : now;
        }

        Assert.Equal(6, attempts);
        Assert.Equal(NoticeBox.Waits.Aggregate(TimeSpan.Zero, (sum, wait) => sum + wait), now - Now);
        Assert.Equal((id, DeliveryFault.Refused, "500"), (box.Dead.Single().Id, box.Dead[0].Fault, box.Dead[0].Detail));
    }

    [Fact]
    public void One_whose_sender_died_each_time_is_given_up_too()
    {
        var box = Take(NoticeBox.Empty, 0, Failed("one", 0));
        var id = box.Waiting[0].Id;
        for (var attempt = 0; attempt <= NoticeBox.Waits.Count; attempt++)
        {
            (box, var begun) = box.Begin(id, box.Waiting[0].DueAt);
            Assert.Equal(attempt + 1, begun!.Attempts);
        }
        (box, var none) = box.Begin(id, box.Waiting[0].DueAt);
        Assert.Null(none);
        Assert.Equal(DeliveryFault.Interrupted, Assert.Single(box.Dead).Fault);
    }

    [Fact]
    public void A_box_stays_small_and_ends_empty()
    {
        var box = NoticeBox.Empty;
        for (var n = 0; n < 60; n++)
        {
            box = Take(box, n * 11, [.. Enumerable.Range(0, 60).Select(stack => Failed($"s{stack}-{n}", n * 11))]);
        }
        Assert.Equal((NoticeBox.MostWaiting, NoticeBox.MostDead), (box.Waiting.Count, box.Dead.Count));
        Assert.All(box.Waiting, waiting => Assert.Equal((NoticeBox.MostNotices, 10), (waiting.Notices.Count, waiting.More)));

        var later = Now.AddDays(8);
        var tidied = (box with { Waiting = [] }).Tidied(later, later);
        Assert.True(tidied.IsEmpty);
        Assert.Same(NoticeBox.Empty, NoticeBox.Empty.Tidied(later, later));
    }

    internal static Notice Failed(string stack, int minute) => new(NoticeCause.OperationFailed, "stk_" + stack, stack, "usr_1", Now.AddMinutes(minute));

    private static NoticeBox Take(NoticeBox box, int minute, params Notice[] happened) => box.Take(happened, _ => [NoticeWay.Email], Now.AddMinutes(minute));
}
