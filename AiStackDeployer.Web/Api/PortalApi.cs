using System.Text.Encodings.Web;
using System.Text.Json.Serialization;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Web.Presentation;
using AiStackDeployer.Web.Settings;
using Microsoft.AspNetCore.Diagnostics;

namespace AiStackDeployer.Web.Api;

/// <summary>The REST API. Its routes stand in the files beside this one, each with what the OpenAPI document says about it.</summary>
internal static class PortalApi
{
    public const string Path = "/api";

    public static IServiceCollection AddPortalApi(this IServiceCollection services, PortalSettings settings)
    {
        services.AddSingleton<IProblemDetailsWriter, ProblemWriter>().AddSingleton<ProblemText>();
        services.AddProblemDetails();
        services.AddExceptionHandler<ApiExceptionHandler>();
        services.AddValidation();
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJsonContext.Default);
            // A context's own options do not travel with it into this chain.
            json.SerializerOptions.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
            json.SerializerOptions.Converters.Add(new WireNameConverter());
            // ASP.NET's own leaves < and > as they are; an answer that quotes a name may end up in somebody's page.
            json.SerializerOptions.Encoder = JavaScriptEncoder.Default;
            // A number is a number; ASP.NET's own would also take it as text, and the OpenAPI document would have to say so.
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
            // Two parsers may disagree about which of two names counts.
            json.SerializerOptions.AllowDuplicateProperties = false;
        });
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        // Closed unless an operator names origins.
        services.AddCors(cors => cors.AddDefaultPolicy(policy => policy
            .WithOrigins([.. settings.CorsOrigins]).AllowAnyHeader().WithMethods("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE").WithExposedHeaders("Location", "Retry-After")));
        services.AddScoped<SupportBundle>();
        services.AddSingleton<StatusMapper>().AddSingleton<DeploymentStream>().AddSingleton<ConnectionMapper>();
        services.AddPortalOpenApi();
        return services;
    }

    /// <summary>Errors of the API as problem details; errors of pages are the pages' own.</summary>
    public static void UsePortalErrors(this WebApplication app)
    {
        // With services of its own: what failed, such as the reading of the session, is tried once more for the page that says so.
        app.UseExceptionHandler("/error", createScopeForErrors: true);
        app.UseWhen(Problems.IsForProgram, api => api.UseStatusCodePages().Use(NothingBesideTheApiAsync));
        app.UseWhen(
            context => !Problems.IsForProgram(context),
            pages => pages.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true));
    }

    /// <summary>Pages' routes match every address for GET, so the framework would say of any other that only the method is wrong.</summary>
    private static async Task NothingBesideTheApiAsync(HttpContext context, RequestDelegate next)
    {
        await next(context);
        if (context.Response is { StatusCode: StatusCodes.Status405MethodNotAllowed, HasStarted: false } answer && !Problems.IsApi(context.Request.Path))
        {
            answer.StatusCode = StatusCodes.Status404NotFound;
            answer.Headers.Remove("Allow");
        }
    }

    public static void MapPortalApi(this WebApplication app)
    {
        app.MapHealth();
        var api = app.MapGroup(Path).ProducesProblems(ProblemKinds.NotSignedIn, ProblemKinds.HostNotAllowed, ProblemKinds.OriginNotAllowed, ProblemKinds.TooManyRequests);
        api.MapDeployments();
        api.MapEvents();
        api.MapStacks();
        api.MapStackDetails();
        api.MapStackLogs();
        api.MapStackDiagnosis();
        api.MapNames();
        api.MapOverview();
        api.MapDns();
        api.MapPeople();
        api.MapAudit();
        api.MapCare();
        api.MapRollout();
        app.MapIngest();
        app.MapOpenApi();
        app.MapReferencePage();
    }
}

/// <summary>
/// Turns database trouble into 503 and unreadable requests into their own status; the rest is a fault of ours. The middleware logs
/// nothing that is handled here, so this does.
/// </summary>
internal sealed partial class ApiExceptionHandler(IProblemDetailsService problems, ILogger<ApiExceptionHandler> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is OperationCanceledException && httpContext.RequestAborted.IsCancellationRequested)
        {
            return true;
        }
        if (!Problems.IsForProgram(httpContext))
        {
            return false;
        }
        httpContext.Response.StatusCode = exception switch
        {
            BadHttpRequestException bad => bad.StatusCode,
            StorageUnavailableException => StatusCodes.Status503ServiceUnavailable,
            _ => StatusCodes.Status500InternalServerError,
        };
        if (exception is StorageUnavailableException)
        {
            StorageFailed(exception.Message, Problems.TraceIdOf(httpContext));
        }
        else if (httpContext.Response.StatusCode >= StatusCodes.Status500InternalServerError)
        {
            Failed(exception, Problems.TraceIdOf(httpContext));
        }
        await problems.WriteAsync(new ProblemDetailsContext { HttpContext = httpContext });
        return true;
    }

    // The message alone: what lies below it is the driver's and may quote a statement.
    [LoggerMessage(Level = LogLevel.Error, Message = "A call of the API could not be served: {Reason} (traceId {CallTraceId})")]
    private partial void StorageFailed(string reason, string callTraceId);

    [LoggerMessage(Level = LogLevel.Error, Message = "A call of the API ended in a fault (traceId {CallTraceId})")]
    private partial void Failed(Exception e, string callTraceId);
}
