using Microsoft.AspNetCore.Localization;

namespace AiStackDeployer.Web.Components;

public enum ThemeChoice
{
    /// <summary>As the reader's system says, also when that changes.</summary>
    System,
    Light,
    Dark,
}

/// <summary>
/// What a browser is asked to remember: language and theme, each in a cookie, so that the server's first answer is right already.
/// A stack's page can set them too, for the whole domain, and does no harm by it.
/// </summary>
public static class Preferences
{
    private const string ThemeCookie = "theme";

    /// <summary>Two-letter codes; the first is the one for everybody else.</summary>
    public static IReadOnlyList<string> Languages { get; } = ["en", "nl"];

    public static ThemeChoice ThemeOf(HttpContext context) =>
        Enum.TryParse<ThemeChoice>(context.Request.Cookies[ThemeCookie], ignoreCase: true, out var theme) && Enum.IsDefined(theme)
            ? theme
            : ThemeChoice.System;

    public static (string Name, string Value) CookieOf(string language) =>
        (CookieRequestCultureProvider.DefaultCookieName, CookieRequestCultureProvider.MakeCookieValue(new RequestCulture(language)));

    public static (string Name, string Value) CookieOf(ThemeChoice theme) => (ThemeCookie, NameOf(theme));

    /// <summary>Lower-case, as in style sheets.</summary>
    public static string NameOf(ThemeChoice theme) => theme switch
    {
        ThemeChoice.System => "system",
        ThemeChoice.Light => "light",
        ThemeChoice.Dark => "dark",
        _ => throw new ArgumentOutOfRangeException(nameof(theme), theme, null),
    };
}
