using System.Text.Encodings.Web;
using System.Text.Json.Serialization;
using AiStackDeployer.Web.Settings;

namespace AiStackDeployer.Web.Api;

/// <summary>The REST API: what stands where. Limits, language and problems sit on the group.</summary>
internal static class PortalApi
{
    public static IServiceCollection AddPortalApi(this IServiceCollection services, PortalSettings settings)
    {
        services.AddProblemDetails();
        services.AddExceptionHandler<ProblemExceptionHandler>();
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJsonContext.Default);
            // A context's own options do not travel with it into this chain.
            json.SerializerOptions.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
            // ASP.NET's own leaves < and > as they are; an answer that quotes a name may end up in somebody's page.
            json.SerializerOptions.Encoder = JavaScriptEncoder.Default;
        });
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        // Closed unless an operator names origins.
        services.AddCors(cors => cors.AddDefaultPolicy(policy => policy
            .WithOrigins([.. settings.CorsOrigins]).AllowAnyHeader().WithMethods("GET", "POST").WithExposedHeaders("Location", "Retry-After")));
        services.AddSingleton<ConnectionMapper>().AddSingleton<StatusMapper>().AddSingleton<DeploymentStream>();
        return services;
    }

    /// <summary>Errors of the API as problem details; errors of pages are the pages' own.</summary>
    public static void UsePortalErrors(this WebApplication app)
    {
        app.UseExceptionHandler("/error");
        app.UseWhen(
            context => Problems.IsApi(context.Request.Path),
            api => api.UseStatusCodePages(context => Problems.WriteAsync(context.HttpContext, context.HttpContext.Response.StatusCode)));
        app.UseWhen(
            context => !Problems.IsApi(context.Request.Path),
            pages => pages.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true));
    }

    public static void MapPortalApi(this WebApplication app)
    {
        app.MapMethods("/health", ["GET", "HEAD"], HealthApi.GetAsync);
        HealthApi.MapProbes(app);
        var api = app.MapGroup("/api");
        api.MapPost("/deploy", DeployApi.StartAsync);
        // A GET would be caught by the framework's own endpoints for pages and answered with 404.
        api.MapGet("/deploy", DeployApi.RefuseGet);
        api.MapGet("/status/{id}", StatusApi.GetAsync);
        api.MapGet("/deployments/{id}/diagnosis", DiagnosisApi.GetAsync);
        api.MapGet("/check/{**name}", CheckApi.GetAsync);
        // What cannot stand in a path (NUL, a slash at the end, dots alone) can be asked for as /api/check?name=…
        api.MapGet("/check", CheckApi.AskAsync);
        api.MapConnections();
        api.MapDns();
    }
}
