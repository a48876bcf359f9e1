using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace AiStackDeployer.Web.Security;

/// <summary>What every answer asks of the browser it reaches, whoever made it: page, API, file, stream or error.</summary>
internal static class PageHeaders
{
    private const string NothingElse = "default-src 'none'; frame-ancestors 'none'";

    private static readonly (string Name, string Value)[] Always =
    [
        (HeaderNames.XContentTypeOptions, "nosniff"),
        // As frame-ancestors; antiforgery would set a weaker one for pages.
        (HeaderNames.XFrameOptions, "DENY"),
        ("Permissions-Policy",
            "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()"),
    ];

    private static readonly object Key = new();

    /// <summary>In front of all that answers.</summary>
    public static void UsePageHeaders(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        // At the last moment: only then is it known what the answer is, and the exception handler removes headers set before.
        context.Response.OnStarting(Add, context);
        return next(context);
    });

    /// <summary>For the script tags whose text stands in the answer's own page.</summary>
    public static string NonceOf(HttpContext context) => PolicyOf(context).Nonce ??= Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));

    /// <summary>
    /// For a page whose form leads, perhaps by a redirect, to another site: Chromium counts redirects after a form's post as
    /// <c>form-action</c>, too.
    /// </summary>
    public static void AllowFormTarget(HttpContext context, Uri target) => PolicyOf(context).FormTargets += " " + target.GetLeftPart(UriPartial.Authority);

    /// <summary>For a page that takes images, fonts or workers from more than files of the portal; for scripts and calls nothing changes.</summary>
    /// <param name="directives">Instead of <c>img-src</c> and <c>font-src</c> of the other pages.</param>
    public static void SetMedia(HttpContext context, string directives) => PolicyOf(context).Media = directives;

    private static Task Add(object state)
    {
        var context = (HttpContext)state;
        var headers = context.Response.Headers;
        foreach (var (name, value) in Always)
        {
            headers[name] = value;
        }
        // But for answers that ask for less.
        headers.TryAdd("Referrer-Policy", "same-origin");
        if (context.Response.ContentType is "text/html" or "text/css" or "text/javascript" or "text/plain")
        {
            // Libraries and the build's list of files leave it out, and whoever reads the answer would guess.
            context.Response.ContentType += "; charset=utf-8";
        }
        var isPage = context.Response.ContentType?.StartsWith("text/html", StringComparison.OrdinalIgnoreCase) == true;
        headers.ContentSecurityPolicy = isPage ? PolicyOf(context).ToString() : NothingElse;
        var isThisMachine = Gate.IsThisMachine(context.Request.Host.Host);
        if (context.Request.IsHttps && !isThisMachine)
        {
            // Not for the names below it: a stack may have one of those, and be shown over plain http.
            headers.StrictTransportSecurity = "max-age=31536000";
        }
        if (context.Request.IsHttps || isThisMachine)
        {
            // Over plain http browsers ignore it, and log an error.
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
        }
        // Files say how long they may be kept. Anything else is of this moment, and may hold what is one person's.
        var kept = headers.CacheControl.ToString();
        if ((kept.Length == 0 || isPage || Gate.IsApi(context.Request.Path)) && !kept.Contains("no-store", StringComparison.OrdinalIgnoreCase))
        {
            headers.CacheControl = "no-store";
        }
        return Task.CompletedTask;
    }

    private static PagePolicy PolicyOf(HttpContext context)
    {
        if (context.Items.TryGetValue(Key, out var known) && known is PagePolicy policy)
        {
            return policy;
        }
        var made = new PagePolicy();
        context.Items[Key] = made;
        return made;
    }

    private sealed class PagePolicy
    {
        public string? Nonce { get; set; }

        public string FormTargets { get; set; } = "'self'";

        public string Media { get; set; } = "img-src 'self' data:; font-src 'self'";

        /// <summary>Styles may stand in the page: MudBlazor positions its menus by them, and the theme is one.</summary>
        public override string ToString() =>
            $"default-src 'none'; script-src 'self'{(Nonce is null ? "" : $" 'nonce-{Nonce}'")}; style-src 'self' 'unsafe-inline'; {Media}; connect-src 'self'; "
            + $"form-action {FormTargets}; base-uri 'self'; frame-ancestors 'none'";
    }
}
