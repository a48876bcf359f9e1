using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Tests.TestKit;
using AiStackDeployer.Web.Components.Admin;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace AiStackDeployer.Tests.Components;

/// <summary>The administrators' grid: what it shows stands in the address.</summary>
public sealed class StacksGridTests : PageWorld
{
    [Fact]
    public async Task An_address_with_filters_opens_the_grid_with_them()
    {
        await MakeAsync("ann");
        await ClaimAsync("bob");
        Services.GetRequiredService<NavigationManager>().NavigateTo("admin?state=ready&idle=7d&sort=name&search=an");

        var grid = Render<StacksGrid>();

        grid.WaitForAssertion(() => Assert.Equal(["ann"], NamesOf(grid)));
        var asked = Store.Queries[^1];
        Assert.Equal(("an", StackState.Ready, StackSort.Name, false), (asked.Search, asked.States.Single(), asked.Sort, asked.Descending));
        Assert.Equal(Now.AddDays(-7), asked.UnusedSince);
        Assert.Equal(["State: Ready", "Not used for: 7 days"], grid.FindAll(".filter-chip.is-set").Select(c => c.TextContent.Trim()));
        Assert.Equal("admin/stacks.csv?search=an&state=ready&idle=7d&sort=name&order=asc", grid.Find("a[download]").GetAttribute("href"));
    }

    [Fact]
    public async Task A_filter_is_a_new_entry_of_the_history_and_typing_is_not()
    {
        await MakeAsync("ann");
        var grid = Render<StacksGrid>();
        grid.WaitForAssertion(() => Assert.Equal(["ann"], NamesOf(grid)));

        await grid.Button("Failed").ClickAsync();
        grid.WaitForAssertion(() => Assert.Empty(NamesOf(grid)));
        Assert.Equal(["admin?state=failed,delete_failed"], Tab.Pushed.Select(Uri.UnescapeDataString));

        var typing = grid.Find("input[type=search]").InputAsync("x");
        Time.Advance(TimeSpan.FromMilliseconds(250));
        await typing;
        grid.WaitForAssertion(() => Assert.Equal(["admin?search=x&state=failed,delete_failed"], Tab.Addresses.Select(Uri.UnescapeDataString)));
        Assert.Single(Tab.Pushed);
    }

    [Fact]
    public async Task Going_back_shows_what_was_shown()
    {
        await MakeAsync("ann");
        await ClaimAsync("bob");
        var navigation = Services.GetRequiredService<NavigationManager>();
        navigation.NavigateTo("admin?state=creating");
        var grid = Render<StacksGrid>();
        grid.WaitForAssertion(() => Assert.Equal(["bob"], NamesOf(grid)));

        navigation.NavigateTo("admin?sort=name");

        grid.WaitForAssertion(() => Assert.Equal(["ann", "bob"], NamesOf(grid).Order()));
        Assert.Equal((StackSort.Name, false), (Store.Queries[^1].Sort, Store.Queries[^1].Descending));
        Assert.Empty(Tab.Pushed);
    }

    [Fact]
    public async Task A_press_on_a_head_sorts_and_stands_in_the_address()
    {
        await MakeAsync("ann");
        var grid = Render<StacksGrid>();
        grid.WaitForAssertion(() => Assert.Equal(["ann"], NamesOf(grid)));

        await grid.FindAll("th .sortable-column-header").First(h => h.TextContent.Contains("Owner", StringComparison.Ordinal)).ClickAsync();

        grid.WaitForAssertion(() => Assert.Equal(["admin?sort=owner&order=asc"], Tab.Pushed));
        Assert.Equal((StackSort.Owner, false), (Store.Queries[^1].Sort, Store.Queries[^1].Descending));
    }

    [Fact]
    public async Task A_saved_view_brings_its_filters_back()
    {
        await MakeAsync("ann");
        Values.All[$"view:{Me}"] = """[{"Name":"Broken","Query":"?state=failed"}]""";
        var grid = Render<StacksGrid>();
        grid.WaitForAssertion(() => Assert.Equal(["ann"], NamesOf(grid)));

        await grid.Button("Saved views").ClickAsync();
        await Above.WaitForElement(".mud-menu-item").ClickAsync();

        grid.WaitForAssertion(() => Assert.Equal(["admin?state=failed"], Tab.Pushed));
    }

    [Fact]
    public async Task A_selection_lasts_over_pages_and_can_take_in_all_that_match()
    {
        for (var n = 0; n < 30; n++)
        {
            await ClaimAsync($"n-{n:00}");
        }
        var grid = Render<StacksGrid>();
        grid.WaitForAssertion(() => Assert.Equal(25, NamesOf(grid).Count()));

        await grid.Find("tbody input[type=checkbox]").ChangeAsync(true);
        grid.WaitForAssertion(() => Assert.Equal("1 selected", grid.Find(".bulk b").TextContent));
        await grid.Find(".pages [aria-label='Next page']").ClickAsync();
        grid.WaitForAssertion(() => Assert.Equal(5, NamesOf(grid).Count()));
        Assert.Equal("1 selected", grid.Find(".bulk b").TextContent);
        Assert.Equal("admin?page=2", Tab.Pushed[^1]);

        await grid.Button("Select all 30").ClickAsync();
        grid.WaitForAssertion(() => Assert.Equal("30 selected", grid.Find(".bulk b").TextContent));
    }

    private static IEnumerable<string> NamesOf(IRenderedComponent<StacksGrid> grid) => grid.FindAll(".grid tbody a.strong").Select(a => a.TextContent);
}
