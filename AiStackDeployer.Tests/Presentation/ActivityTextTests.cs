using System.Globalization;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Web.Components;
using AiStackDeployer.Web.Presentation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace AiStackDeployer.Tests.Presentation;

public sealed class ActivityTextTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>The gate's clock may be wrong; what counts is how long before its own now something was.</summary>
    private static readonly DateTimeOffset Gates = Now.AddHours(-7);

    [Theory]
    [InlineData(null, null, 0, 0, 0, null)]
    [InlineData(-90, null, 0, 0, 0, "used 2 h ago")]
    [InlineData(-90, -5, 0, 0, 0, "used 5 min ago")]
    [InlineData(-5, -90, 0, 0, 10, "used 15 min ago")]
    [InlineData(-5, null, 2, 1, 0, "agent at work")]
    [InlineData(-5, null, 0, 1, 0, "agent waiting for an answer")]
    [InlineData(-5, null, 1, 1, 0, "agent waiting for an answer")]
    [InlineData(-5, null, 2, 0, 20, "used 25 min ago")]
    public void The_agents_work_is_told_while_it_is_news_and_else_the_last_use(int? human, int? terminal, int working, int waiting, int toldBefore, string? said)
    {
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("en");
        var services = new ServiceCollection().AddLogging().AddPortalTexts().AddSingleton<TimeProvider>(new FakeTimeProvider(Now)).BuildServiceProvider();
        var told = new StackActivity("0.1.0", Gates, Gates.AddDays(-1), At(human), At(terminal), working, waiting, null, null, null, null)
        {
            ToldAt = Now.AddMinutes(-toldBefore),
        };

        Assert.Equal(said, services.GetRequiredService<ActivityText>().Of(told));
        Assert.Null(services.GetRequiredService<ActivityText>().Of(null));

        static DateTimeOffset? At(int? minutes) => minutes is { } m ? Gates.AddMinutes(m) : null;
    }
}
