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

    private static readonly TimeSpan Kept = TimeSpan.FromDays(365);

    /// <summary>Two-letter codes; the first is the one for everybody else.</summary>
    public static IReadOnlyList<string> Languages { get; } = ["en", "nl"];

    public static ThemeChoice ThemeOf(HttpContext context) =>
        Enum.TryParse<ThemeChoice>(context.Request.Cookies[ThemeCookie], ignoreCase: true, out var theme) && Enum.IsDefined(theme)
            ? theme
            : ThemeChoice.System;

    public static string LanguageLink(string language, string returnUrl) => $"preferences/language/{language}?returnUrl={Uri.EscapeDataString(returnUrl)}";

    /// <summary>Lower-case: it is part of an address.</summary>
    public static string ThemeLink(ThemeChoice theme, string returnUrl) => $"preferences/theme/{NameOf(theme)}?returnUrl={Uri.EscapeDataString(returnUrl)}";

    public static string NameOf(ThemeChoice theme) => theme switch
    {
        ThemeChoice.System => "system",
        ThemeChoice.Light => "light",
        ThemeChoice.Dark => "dark",
        _ => throw new ArgumentOutOfRangeException(nameof(theme), theme, null),
    };

    internal static void Map(IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/preferences").ExcludeFromDescription();
        group.MapGet("/language/{language}", (HttpContext context, TimeProvider time, string language, string? returnUrl) =>
        {
            if (Languages.Contains(language))
            {
                var culture = CookieRequestCultureProvider.MakeCookieValue(new RequestCulture(language));
                Keep(context, time, CookieRequestCultureProvider.DefaultCookieName, culture);
            }
            return Back(returnUrl);
        });
        group.MapGet("/theme/{theme}", (HttpContext context, TimeProvider time, string theme, string? returnUrl) =>
        {
            if (Enum.TryParse<ThemeChoice>(theme, ignoreCase: true, out var choice) && Enum.IsDefined(choice))
            {
                Keep(context, time, ThemeCookie, NameOf(choice));
            }
            return Back(returnUrl);
        });
    }

    private static void Keep(HttpContext context, TimeProvider time, string name, string value) =>
        context.Response.Cookies.Append(name, value, new CookieOptions
        {
            Expires = time.GetUtcNow() + Kept,
            HttpOnly = true,
            IsEssential = true,
            SameSite = SameSiteMode.Lax,
        });

    /// <summary>Only to a page of ours: an address from a query must not lead anywhere else.</summary>
    private static Microsoft.AspNetCore.Http.HttpResults.RedirectHttpResult Back(string? returnUrl) =>
        returnUrl is ['/', ..] and not ['/', '/' or '\\', ..] && Uri.IsWellFormedUriString(returnUrl, UriKind.Relative)
            ? TypedResults.LocalRedirect(returnUrl)
            : TypedResults.LocalRedirect("/");
}
