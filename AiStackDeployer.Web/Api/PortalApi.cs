using AiStackDeployer.Web.Settings;

namespace AiStackDeployer.Web.Api;

/// <summary>The REST API: what stands where. Limits, language and problems sit on the group.</summary>
internal static class PortalApi
{
    public static IServiceCollection AddPortalApi(this IServiceCollection services, PortalSettings settings)
    {
        services.AddProblemDetails(options => options.CustomizeProblemDetails = Problems.Complete);
        services.AddExceptionHandler<ProblemExceptionHandler>();
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJsonContext.Default));
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        // Closed unless an operator names origins.
        services.AddCors(cors => cors.AddDefaultPolicy(policy => policy
            .WithOrigins([.. settings.CorsOrigins]).AllowAnyHeader().WithMethods("GET", "POST")));
        services.AddSingleton<StatusMapper>().AddSingleton<DeploymentStream>();
        return services;
    }

    /// <summary>Errors of the API as problem details; errors of pages are the pages' own.</summary>
    public static void UsePortalErrors(this WebApplication app)
    {
        app.UseExceptionHandler("/error");
        app.UseWhen(
            context => context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase),
            api => api.UseStatusCodePages());
    }

    public static void MapPortalApi(this WebApplication app)
    {
        app.MapGet("/health", HealthApi.GetAsync);
        var api = app.MapGroup("/api");
        api.MapPost("/deploy", DeployApi.StartAsync);
        api.MapGet("/status/{id}", StatusApi.GetAsync);
        api.MapGet("/check/{**name}", CheckApi.GetAsync);
        api.MapFallback(() => TypedResults.NotFound());
    }
}
