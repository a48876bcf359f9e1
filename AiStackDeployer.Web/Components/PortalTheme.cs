using MudBlazor;

namespace AiStackDeployer.Web.Components;

/// <summary>
/// Every colour, radius and typeface of the portal; nothing else names one. CSS reads them as MudBlazor's variables:
/// a state's own colour is <c>--mud-palette-{primary|success|warning|error}</c>, its tint the same with <c>-lighten</c>.
/// </summary>
public static class PortalTheme
{
    private const string Sans = "system-ui";
    private static readonly string[] SansStack = [Sans, "-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "Arial", "sans-serif"];

    public static MudTheme Theme { get; } = new()
    {
        PaletteLight = new PaletteLight
        {
            Background = "#F5F7F9",
            BackgroundGray = "#F5F7F9",
            Surface = "#FFFFFF",
            AppbarBackground = "#FFFFFF",
            AppbarText = "#14202E",
            LinesDefault = "#D8DFE7",
            Divider = "#D8DFE7",
            TableLines = "#D8DFE7",
            TableHover = "#F5F7F9",
            Skeleton = "#E6EBF0",
            // Borders of controls: 3 : 1 and more on surface and ground.
            LinesInputs = "#748397",
            TextPrimary = "#14202E",
            TextSecondary = "#566475",
            ActionDefault = "#566475",
            Primary = "#1B4F97",
            PrimaryContrastText = "#FFFFFF",
            PrimaryDarken = "#153F79",
            PrimaryLighten = "#E8EFF8",
            Success = "#0A6B48",
            SuccessContrastText = "#FFFFFF",
            SuccessLighten = "#E2F3EB",
            Warning = "#8A5200",
            WarningContrastText = "#FFFFFF",
            WarningLighten = "#FBF0DC",
            Error = "#B02318",
            ErrorContrastText = "#FFFFFF",
            ErrorLighten = "#FCE9E7",
            Dark = "#566475",
            DarkLighten = "#EBEFF3",
            OverlayDark = "rgba(20,32,46,0.45)",
        },
        PaletteDark = new PaletteDark
        {
            Background = "#0C1219",
            BackgroundGray = "#0C1219",
            Surface = "#131B25",
            AppbarBackground = "#131B25",
            AppbarText = "#E7EDF3",
            LinesDefault = "#263241",
            Divider = "#263241",
            TableLines = "#263241",
            TableHover = "#182230",
            Skeleton = "#1D2835",
            LinesInputs = "#65778D",
            TextPrimary = "#E7EDF3",
            TextSecondary = "#98A6B6",
            ActionDefault = "#98A6B6",
            Primary = "#86B5F2",
            PrimaryContrastText = "#08203F",
            PrimaryDarken = "#A3C7F6",
            PrimaryLighten = "#17273B",
            Success = "#55C892",
            SuccessContrastText = "#0C1219",
            SuccessLighten = "#12291F",
            Warning = "#EDB35A",
            WarningContrastText = "#0C1219",
            WarningLighten = "#2B2213",
            Error = "#FF8F85",
            ErrorContrastText = "#0C1219",
            ErrorLighten = "#331B19",
            Dark = "#98A6B6",
            DarkLighten = "#1E2936",
            OverlayDark = "rgba(0,0,0,0.6)",
        },
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "10px", AppbarHeight = "32px" },
        Shadows = new Shadow { Elevation = [.. Enumerable.Repeat("none", 26)] },
        Typography = new Typography
        {
            Default = new DefaultTypography { FontFamily = SansStack, FontSize = "15px", LineHeight = "1.5", LetterSpacing = "normal" },
            Body1 = new Body1Typography { FontFamily = SansStack, FontSize = "15px", LineHeight = "1.5", LetterSpacing = "normal" },
            Body2 = new Body2Typography { FontFamily = SansStack, FontSize = "13px", LineHeight = "1.5", LetterSpacing = "normal" },
            Subtitle1 = new Subtitle1Typography { FontFamily = SansStack, FontSize = "15px", LineHeight = "1.5", LetterSpacing = "normal" },
            H6 = new H6Typography { FontFamily = SansStack, FontSize = "18px", FontWeight = "700", LineHeight = "1.4", LetterSpacing = "normal" },
            Button = new ButtonTypography { FontFamily = SansStack, FontSize = "15px", FontWeight = "700", LineHeight = "1.5", LetterSpacing = "normal", TextTransform = "none" },
            Caption = new CaptionTypography { FontFamily = SansStack, FontSize = "13px", LineHeight = "1.5", LetterSpacing = "normal" },
        },
    };
}
