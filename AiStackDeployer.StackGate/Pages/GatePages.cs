using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using AiStackDeployer.StackGate.Front;
using AiStackDeployer.StackGate.SignIn;

namespace AiStackDeployer.StackGate.Pages;

/// <summary>What the gate itself says: a small page to people, JSON to programs.</summary>
internal sealed class GatePages(GateOptions options)
{
    private const int RetrySeconds = 3;

    // System colours, so that both schemes come with the browser.
    private const string Style = """
        :root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
        body { margin: 0 auto; max-width: 32rem; padding: 15vh 1.25rem 2rem; overflow-wrap: anywhere; }
        h1 { font-size: 1.5rem; line-height: 1.25; }
        a, button { display: inline-block; margin: 0 1rem .5rem 0; padding: .5rem 0; font: inherit; }
        button { padding: .5rem 1rem; }
        """;

    // The ticket stands in the fragment, which no server and no log ever sees. Sent before the page has loaded, the form takes this
    // page's place in the history.
    private const string Script = """
        const given = new URLSearchParams(location.hash.slice(1));
        history.replaceState(null, '', location.pathname);
        if (given.get('ticket')) {
          const form = document.forms[0];
          form.elements.ticket.value = given.get('ticket');
          form.elements.to.value = given.get('to') ?? '/';
          document.querySelector('h1').textContent = form.dataset.opening;
          document.querySelector('main').hidden = true;
          form.submit();
        }
        """;

    private static readonly string Policy =
        $"default-src 'none'; style-src 'sha256-{Hash(Style)}'; script-src 'sha256-{Hash(Script)}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    public static Task NotFoundAsync(HttpContext context) =>
        context.RequestServices.GetRequiredService<GatePages>().WriteAsync(context, StatusCodes.Status404NotFound, GatePage.NotFound);

    /// <summary>To somebody who is not signed in.</summary>
    /// <param name="challenge">Whether to ask for a password, which makes a browser show its dialog.</param>
    public Task WriteUnknownAsync(HttpContext context, PasswordResult password, bool challenge)
    {
        if (password == PasswordResult.TooMany)
        {
            context.Response.Headers.RetryAfter = ((int)PasswordCheck.Window.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            return WriteAsync(context, StatusCodes.Status429TooManyRequests, GatePage.TooMany);
        }
        if (challenge)
        {
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"stack\", charset=\"UTF-8\"";
        }
        return WriteAsync(context, StatusCodes.Status401Unauthorized, GatePage.SignIn);
    }

    public Task WriteAsync(HttpContext context, int status, GatePage page)
    {
        var headers = context.Response.Headers;
        context.Response.StatusCode = status;
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        // Not stricter: without a referrer policy of at least this, a form's Origin would be "null".
        headers["Referrer-Policy"] = "same-origin";
        if (status == StatusCodes.Status503ServiceUnavailable)
        {
            headers.RetryAfter = RetrySeconds.ToString(CultureInfo.InvariantCulture);
        }
        var texts = LanguageOf(context.Request);
        headers.ContentLanguage = texts.Language;
        headers.Vary = "Accept, Accept-Language";
        // The pages of this folder are for people, whoever asks.
        if (BrowserRequest.IsNavigation(context.Request) || page is GatePage.Enter or GatePage.Leave or GatePage.Left)
        {
            headers.ContentSecurityPolicy = Policy;
            context.Response.ContentType = "text/html; charset=utf-8";
            return context.Response.WriteAsync(Html(texts, page), context.RequestAborted);
        }
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(Json(texts.Of(page), page), context.RequestAborted);
    }

    private static PageTexts LanguageOf(HttpRequest request)
    {
        var asked = request.GetTypedHeaders().AcceptLanguage
            .OrderByDescending(language => language.Quality ?? 1)
            .Select(language => language.Value.Value?.Split('-')[0])
            .FirstOrDefault(language => language is "nl" or "en");
        return asked == "nl" ? PageTexts.Dutch : PageTexts.English;
    }

    private static string Hash(string text) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static string Code(GatePage page) => page switch
    {
        GatePage.SignIn => "sign_in_required",
        GatePage.BadTicket => "ticket_refused",
        GatePage.OtherSite => "other_site",
        GatePage.TooMany => "too_many_passwords",
        GatePage.Starting or GatePage.TerminalStarting => "starting",
        _ => "not_found",
    };

    private string Json(PageText text, GatePage page)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("error", Code(page));
            json.WriteString("message", Named(text.Text));
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private string Named(string text) => text.Replace("{0}", options.StackName, StringComparison.Ordinal);

    private string Html(PageTexts texts, GatePage page)
    {
        var text = texts.Of(page);
        var refresh = page is GatePage.Starting or GatePage.TerminalStarting ? $"<meta http-equiv=\"refresh\" content=\"{RetrySeconds}\">" : "";
        return $"""
            <!DOCTYPE html>
            <html lang="{texts.Language}">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            {refresh}
            <title>{Encode(Named(text.Title))}</title>
            <style>{Style}</style>
            </head>
            <body>
            <h1>{Encode(Named(text.Title))}</h1>
            <main>
            <p>{Encode(Named(text.Text))}</p>
            {Ways(texts, page)}
            </main>
            {Form(texts, page)}
            </body>
            </html>

            """;
    }

    private string Ways(PageTexts texts, GatePage page)
    {
        if (page is GatePage.Starting or GatePage.TerminalStarting or GatePage.NotFound or GatePage.OtherSite)
        {
            return "";
        }
        var portal = options.PortalUrl is { } url ? $"<a href=\"{Encode(url.AbsoluteUri)}\">{Encode(texts.ToPortal)}</a>" : "";
        return page == GatePage.Leave ? portal : $"{portal}<a href=\"/.stack/password\">{Encode(texts.WithPassword)}</a>";
    }

    private string Form(PageTexts texts, GatePage page) => page switch
    {
        GatePage.Enter => $"""
            <form method="post" action="/.stack/enter" data-opening="{Encode(Named(texts.Opening))}"><input type="hidden" name="ticket"><input type="hidden" name="to"></form>
            <script>{Script}</script>
            """,
        GatePage.Leave => $"<form method=\"post\" action=\"/.stack/leave\"><button>{Encode(texts.SignOut)}</button></form>",
        _ => "",
    };

    private static string Encode(string text) => HtmlEncoder.Default.Encode(text);
}
