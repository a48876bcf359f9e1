using System.Text.Json.Nodes;
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

    /// <summary>The last revision that begins with a handshake.</summary>
    private const string NewestWithHandshake = "2025-11-25";

    /// <summary>What changes with a new version of the portal alone; 2026-07-28 lets a server say so, older revisions know no such member.</summary>
    private static readonly TimeSpan ListsStay = TimeSpan.FromHours(6);

    public static Implementation ServerInfo { get; } = new()
    {
        Name = "ai-stack-deployer",
        Title = "AI Stack Deployer",
        Version = typeof(PortalMcp).Assembly.GetName().Version!.ToString(3),
    };

    public static IServiceCollection AddPortalMcp(this IServiceCollection services)
    {
        services.AddHttpContextAccessor();
        services.AddSingleton<McpCallLimit>().AddSingleton<ClientForms>();
        services.AddSingleton<StateText>().AddSingleton<ToolGuard>().AddSingleton<DeploymentLogResource>().AddSingleton<McpCaller>();
        services
            .AddMcpServer(server =>
            {
                server.ServerInfo = ServerInfo;
                server.ServerInstructions = ToolCatalog.Instructions;
                // Made for the first call and not at the start, of which their schemas would take a tenth.
                server.ToolCollection = [.. ToolCatalog.CreateTools()];
                server.ResourceCollection = [.. ToolCatalog.CreateResources()];
                server.PromptCollection = [.. ToolCatalog.CreatePrompts()];
            })
            // Each request stands alone, so any replica can answer it.
            .WithHttpTransport(http => http.SessionMode = HttpServerSessionMode.Stateless)
            .WithListResourcesHandler(RecentLogs.ListAsync)
            .WithMessageFilters(filters => filters.AddIncomingFilter(next => (context, cancellationToken) =>
            {
                OfferOurNewest(context.JsonRpcMessage);
                return next(context, cancellationToken);
            }))
            .WithRequestFilters(filters => filters
                .AddListToolsFilter(Lasting)
                .AddListPromptsFilter(Lasting)
                .AddListResourceTemplatesFilter(Lasting)
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
        var forms = app.Services.GetRequiredService<ClientForms>();
        // A GET would be caught by the framework's own endpoints for pages and answered with 404; clients that ask for a stream of
        // their own take only 405 for "there is none".
        app.MapMethods(Path, [HttpMethods.Get, HttpMethods.Delete], RefuseMethod).ExcludeFromDescription();
        return app.MapMcp(Path).WithMetadata(new RequestSizeLimitAttribute(LongestCall)).Around(open => context => limit.EnterAsync(context, entered => forms.AnswerAsync(entered, open)));
    }

    /// <summary>
    /// A client newer than the portal is answered with the portal's newest revision, which it may take or leave. The SDK does so with
    /// unknown older ones alone.
    /// </summary>
    private static void OfferOurNewest(JsonRpcMessage message)
    {
        if (message is JsonRpcRequest { Method: RequestMethods.Initialize, Params: JsonObject wish } && wish["protocolVersion"] is JsonValue version
            && version.TryGetValue(out string? asked) && string.CompareOrdinal(asked, NewestWithHandshake) > 0)
        {
            wish["protocolVersion"] = NewestWithHandshake;
        }
    }

    private static StatusCodeHttpResult RefuseMethod(HttpContext context)
    {
        context.Response.Headers.Allow = HttpMethods.Post;
        return TypedResults.StatusCode(StatusCodes.Status405MethodNotAllowed);
    }

    private static ToolGuard Guard(MessageContext request) => request.Services!.GetRequiredService<ToolGuard>();

    private static McpRequestHandler<TParams, TResult> Lasting<TParams, TResult>(McpRequestHandler<TParams, TResult> next) where TResult : ICacheableResult =>
        async (request, cancellationToken) =>
        {
            var list = await next(request, cancellationToken);
            if (string.CompareOrdinal(request.JsonRpcRequest.Context?.ProtocolVersion, "2026-07-28") >= 0)
            {
                (list.TimeToLive, list.CacheScope) = (ListsStay, CacheScope.Public);
            }
            return list;
        };

    private static IEndpointConventionBuilder Around(this IEndpointConventionBuilder endpoints, Func<RequestDelegate, RequestDelegate> wrap)
    {
        endpoints.Finally(endpoint => endpoint.RequestDelegate = endpoint.RequestDelegate is { } open ? wrap(open) : null);
        return endpoints;
    }
}
