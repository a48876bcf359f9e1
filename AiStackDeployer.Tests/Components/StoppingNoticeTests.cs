using AiStackDeployer.Tests.TestKit;
using Bunit;

namespace AiStackDeployer.Tests.Components;

/// <summary>What every open page says when the portal stops.</summary>
public sealed class StoppingNoticeTests : PageWorld
{
    [Fact]
    public void When_the_portal_stops_every_page_says_that_work_goes_on_before_its_connection_is_lost()
    {
        Assert.Empty(Above.FindAll(".stopping"));

        Application.StopApplication();

        Above.WaitForAssertion(() => Assert.Contains("The portal is being updated. What you started goes on", Above.Markup, StringComparison.Ordinal));
        // What the dialog of a lost connection then says, too.
        Assert.Single(Above.FindAll(".stopping"));
    }
}
