using AngleSharp.Dom;
using Bunit;
using Microsoft.AspNetCore.Components;

namespace AiStackDeployer.Tests.TestKit;

/// <summary>Finds what a person would: by its role and its words.</summary>
internal static class ByRole
{
    public static IElement Button<T>(this IRenderedComponent<T> page, string name) where T : IComponent => Assert.Single(page.Buttons(name));

    public static IReadOnlyList<IElement> Buttons<T>(this IRenderedComponent<T> page, string name) where T : IComponent =>
        [.. page.FindAll("button").Where(b => (b.GetAttribute("aria-label") ?? b.TextContent.Trim()) == name)];

    public static IReadOnlyList<IElement> Links<T>(this IRenderedComponent<T> page, string name) where T : IComponent =>
        [.. page.FindAll("a[href]").Where(a => (a.GetAttribute("aria-label") ?? a.TextContent.Trim()) == name)];

    /// <summary>The button, once it is there.</summary>
    public static IElement WaitForButton<T>(this IRenderedComponent<T> page, string name) where T : IComponent
    {
        page.WaitForAssertion(() => Assert.Single(page.Buttons(name)));
        return page.Button(name);
    }
}
