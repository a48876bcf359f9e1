using AiStackDeployer.Tests.TestKit;
using AiStackDeployer.Web.Components;
using AiStackDeployer.Web.Components.Deploy;
using AiStackDeployer.Web.Components.Layout;
using Bunit;
using Bunit.TestDoubles;
using Microsoft.Extensions.DependencyInjection;

namespace AiStackDeployer.Tests.Components;

/// <summary>Language and theme: chosen by a press, never by a link that somebody fetches beforehand.</summary>
public sealed class PreferenceTests : PageWorld
{
    [Theory]
    [InlineData("", "jan de vries", "?name=jan%20de%20vries")]
    [InlineData("?name=old", "", "")]
    [InlineData("stacks?page=2", "jan", "stacks?page=2")]
    public async Task A_press_keeps_the_choice_and_the_typed_name_and_loads_the_same_page(string page, string typed, string loaded)
    {
        var navigation = Services.GetRequiredService<BunitNavigationManager>();
        navigation.NavigateTo(page);
        Services.GetRequiredService<DeploySession>().Type(typed);
        var controls = Render<PreferenceControls>(p => p.Add(c => c.Chosen, ThemeChoice.System));

        await controls.Find("button[lang=nl]").ClickAsync();

        Assert.Equal([(".AspNetCore.Culture", "c=nl|uic=nl")], Tab.Remembered);
        var entry = navigation.History.First();
        Assert.Equal((navigation.BaseUri + loaded, true), (navigation.ToAbsoluteUri(entry.Uri).AbsoluteUri, entry.Options.ForceLoad));
    }

    [Fact]
    public void Nothing_of_it_is_a_link() => Assert.Empty(Render<PreferenceControls>(p => p.Add(c => c.Chosen, ThemeChoice.Dark)).FindAll("a, [href]"));
}
