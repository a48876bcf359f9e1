using System.Text.Encodings.Web;
using System.Text.Json.Serialization;
using AiStackDeployer.Web.Api.Docs;
using AiStackDeployer.Web.Presentation;
using AiStackDeployer.Web.Security;
using AiStackDeployer.Web.Settings;

namespace AiStackDeployer.Web.Api;

/// <summary>The REST API: what stands where. Limits, language and problems sit on the group.</summary>
internal static class PortalApi
{
    /// <summary>Where there is something to read, its headers alone can be had too.</summary>
    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

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
            // A number is a number; ASP.NET's own would also take it as text, and the OpenAPI document would have to say so.
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
        });
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        // Closed unless an operator names origins.
        services.AddCors(cors => cors.AddDefaultPolicy(policy => policy
            .WithOrigins([.. settings.CorsOrigins]).AllowAnyHeader().WithMethods("GET", "HEAD", "POST", "DELETE").WithExposedHeaders("Location", "Retry-After")));
        services.AddSingleton<StatusMapper>().AddSingleton<DeploymentStream>()
            .AddSingleton<ConnectionMapper>().AddSingleton<ProblemText>();
        services.AddPortalOpenApi();
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
        app.MapMethods("/health", Reading, HealthApi.GetAsync).With(PortalDocs.Health);
        app.MapMethods("/health/live", Reading, HealthApi.GetLife).With(PortalDocs.Live);
        app.MapMethods("/health/ready", Reading, HealthApi.GetReadinessAsync).With(PortalDocs.Readiness);
        var api = app.MapGroup(ApiGate.Path);
        api.MapPost("/deploy", DeployApi.StartAsync).RequireAuthorization(Policies.StartDeployment).With(DeploymentDocs.Start);
        api.MapGet("/deploy", DeployApi.RefuseGet).ExcludeFromDescription();
        api.MapGet("/status/{id}", StatusApi.GetAsync).With(DeploymentDocs.Status);
        api.MapMethods("/check/{**name}", Reading, CheckApi.GetAsync).With(PortalDocs.Check);
        // What cannot stand in a path (NUL, a slash at the end, dots alone) can be asked for as /api/check?name=…
        api.MapMethods("/check", Reading, CheckApi.AskAsync).With(PortalDocs.Ask);

        api.MapMethods("/deployments", Reading, DeploymentsApi.ListAsync).With(DeploymentDocs.List);
        api.MapMethods("/deployments/{id}", Reading, DeploymentsApi.GetAsync).With(DeploymentDocs.Get);
        api.MapPost("/deployments/{id}/cancel", DeploymentsApi.CancelAsync).With(DeploymentDocs.Cancel);
        api.MapPost("/deployments/{id}/retry", DeploymentsApi.RetryAsync).With(DeploymentDocs.Retry);
        api.MapGet("/deployments/{id}/events", EventsApi.GetAsync).With(DeploymentDocs.Events);
        api.MapMethods("/deployments/{id}/diagnosis", Reading, DiagnosisApi.GetAsync).With(DeploymentDocs.Diagnosis);
        api.MapMethods("/deployments/{id}/log", Reading, EventsApi.GetLogAsync).With(DeploymentDocs.Log);

        api.MapMethods("/stacks", Reading, StacksApi.ListAsync).With(StackDocs.List);
        api.MapMethods("/stacks/{name}", Reading, StacksApi.GetAsync).With(StackDocs.Get);
        api.MapDelete("/stacks/{name}", StacksApi.DeleteAsync).With(StackDocs.Delete);
        api.MapMethods("/stacks/{name}/credentials", Reading, StacksApi.GetCredentialsAsync).With(StackDocs.Credentials);

        api.MapMethods("/figures", Reading, FiguresApi.GetAsync).RequireAuthorization(Policies.ViewAdmin).With(PortalDocs.Figures);
        api.MapMethods("/connections", Reading, ConnectionsApi.GetAsync).With(ConnectionDocs.Connections);
        api.MapMethods("/dns", Reading, DnsApi.GetAsync).RequireAuthorization(Policies.ViewAdmin).With(ConnectionDocs.Dns);
        api.MapPost("/dns/repair", DnsApi.RepairAsync).RequireAuthorization(Policies.RepairDns).With(ConnectionDocs.Repair);

        app.MapOpenApi();
        app.MapReferencePage();
    }
}
