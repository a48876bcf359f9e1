using System.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using MudBlazor;

namespace AiStackDeployer.Web.Components;

/// <summary>
/// One palette of the theme as a style element of its own. MudBlazor's provider paints one palette and needs a circuit to learn
/// what the system prefers; two of these with a media query are right from the first paint, without any script.
/// </summary>
public sealed class ThemeStyle : MudThemeProvider
{
    /// <summary>The media query under which the palette counts; null = always.</summary>
    [Parameter]
    public string? Media { get; set; }

    protected override void BuildRenderTree(RenderTreeBuilder __builder)
    {
        var css = new StringBuilder();
        GenerateTheme(css);
        __builder.OpenElement(0, "style");
        __builder.AddAttribute(1, "media", Media);
        // Trusted: colours and sizes of our own theme. As text the style would be encoded.
        __builder.AddMarkupContent(2, $":root{{{css}}}");
        __builder.CloseElement();
    }
}
