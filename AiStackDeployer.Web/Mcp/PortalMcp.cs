using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AiStackDeployer.Web.Mcp;

/// <summary>The portal for assistants (Model Context Protocol, Streamable HTTP): what stands where.</summary>
internal static class PortalMcp
{
    public const string Path = "/mcp";

    /// <summary>The longest sensible call is a name and a key.</summary>
    private const long LongestCall = 64 * 1024;

    public static Implementation ServerInfo { get; } = new()
    {
        Name = "ai-stack-deployer",
        Title = "AI Stack Deployer",
        Version = typeof(PortalMcp).Assembly.GetName().Version!.ToString(3),
    };

    public static IServiceCollection AddPortalMcp(this IServiceCollection services)
    {
        services.AddSingleton<McpCallLimit>();
        services.AddSingleton<StateText>().AddSingleton<ToolGuard>().AddSingleton<DeploymentLogResource>().AddScoped<McpCaller>();
        services
            .AddMcpServer(server =>
            {
                server.ServerInfo = ServerInfo;
                server.ServerInstructions = ToolCatalog.Instructions;
            })
            // Each request stands alone, so any replica can answer it.
            .WithHttpTransport(http => http.SessionMode = HttpServerSessionMode.Stateless)
            .WithTools(ToolCatalog.CreateTools())
            .WithResources(ToolCatalog.CreateResources())
            .WithPrompts(ToolCatalog.CreatePrompts())
            .WithListResourcesHandler(RecentLogs.ListAsync)
            .WithRequestFilters(filters => filters
                .AddCallToolFilter(next => (request, cancellationToken) => Guard(request).CallAsync(request, next, cancellationToken))
                .AddReadResourceFilter(next => (request, cancellationToken) => Guard(request).ReadAsync(request, next, "resources/read", cancellationToken))
                .AddListResourcesFilter(next => (request, cancellationToken) => Guard(request).ReadAsync(request, next, "resources/list", cancellationToken))
                .AddGetPromptFilter(next => (request, cancellationToken) => Guard(request).ReadAsync(request, next, "prompts/get", cancellationToken)));
        return services;
    }

    /// <summary>Needs the gate, authentication and <c>PersonCookie</c> before it.</summary>
    public static IEndpointConventionBuilder MapPortalMcp(this WebApplication app)
    {
        var limit = app.Services.GetRequiredService<McpCallLimit>();
        // A GET would be caught by the framework's own endpoints for pages and answered with 404; clients that ask for a stream of
        // their own take only 405 for "there is none".
        app.MapMethods(Path, [HttpMethods.Get, HttpMethods.Delete], RefuseMethod).ExcludeFromDescription();
        return app.MapMcp(Path).WithMetadata(new RequestSizeLimitAttribute(LongestCall)).Within(limit);
    }

    private static StatusCodeHttpResult RefuseMethod(HttpContext context)
    {
        context.Response.Headers.Allow = HttpMethods.Post;
        return TypedResults.StatusCode(StatusCodes.Status405MethodNotAllowed);
    }

    private static ToolGuard Guard(MessageContext request) => request.Services!.GetRequiredService<ToolGuard>();

    private static IEndpointConventionBuilder Within(this IEndpointConventionBuilder endpoints, McpCallLimit limit)
    {
        endpoints.Finally(endpoint =>
        {
            if (endpoint.RequestDelegate is { } open)
            {
                endpoint.RequestDelegate = context => limit.EnterAsync(context, open);
            }
        });
        return endpoints;
    }
}
