using AiStackDeployer.Web.Api.Docs;
using Scalar.AspNetCore;

namespace AiStackDeployer.Web.Api;

/// <summary>The OpenAPI document as a page to read and to try, at <c>/scalar</c>.</summary>
internal static class ReferencePage
{
    /// <summary>
    /// The page's program knows services of its maker's (fonts, telemetry, a proxy, an assistant). All are switched off below; should
    /// a later version learn another one, the browser still asks nobody but us.
    /// </summary>
    private const string OnlyOurs =
        "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
        + "connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'self'; frame-ancestors 'self'";

    public static void MapReferencePage(this WebApplication app) => app
        .MapScalarApiReference("/scalar", page => page
            .WithTitle("AI Stack Deployer · API")
            .WithFavicon("/favicon.svg")
            .AddDocument(OpenApiSetup.Document, "AI Stack Deployer")
            .DisableDefaultFonts()
            .DisableAgent()
            .DisableMcp()
            .HideTheRest())
        .Add(endpoint =>
        {
            var answer = endpoint.RequestDelegate!;
            endpoint.RequestDelegate = context =>
            {
                context.Response.Headers.ContentSecurityPolicy = OnlyOurs;
                return answer(context);
            };
        });

    private static void HideTheRest(this ScalarOptions page)
    {
        page.Telemetry = false;
        page.ProxyUrl = null;
        // Opens the maker's own client elsewhere.
        page.HideClientButton = true;
        page.DefaultOpenAllTags = true;
        page.ShowDeveloperTools = DeveloperToolsVisibility.Never;
        page.DefaultHttpClient = new(ScalarTarget.Shell, ScalarClient.Curl);
    }
}
