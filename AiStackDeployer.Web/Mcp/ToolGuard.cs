using AiStackDeployer.Core.Deployments;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AiStackDeployer.Web.Mcp;

/// <summary>
/// Stands around every tool: arguments that do not fit are answered with what would, and a fault becomes an answer that a model
/// can act on. Nothing of an exception gets out.
/// </summary>
internal sealed partial class ToolGuard(ILogger<ToolGuard> logger)
{
    public async ValueTask<CallToolResult> CallAsync(
        RequestContext<CallToolRequestParams> request,
        McpRequestHandler<CallToolRequestParams, CallToolResult> next,
        CancellationToken cancellationToken)
    {
        if (request.MatchedPrimitive is McpServerTool tool
            && ArgumentCheck.Fit(tool.ProtocolTool.InputSchema, request.Params.Arguments) is { } fault)
        {
            return Reply.Refused("arguments-invalid", fault, "Call the same tool again with this corrected.");
        }
        try
        {
            return await next(request, cancellationToken);
        }
        catch (StorageUnavailableException e)
        {
            StorageFailed(request.Params.Name, e.Message);
            return Reply.StorageUnavailable();
        }
        catch (Exception e) when (e is not (OperationCanceledException or McpException or InputRequiredException))
        {
            Broke(e, request.Params.Name);
            return Reply.Refused("internal-error", "The portal itself made a mistake; its log has the cause.", "Tell an administrator.");
        }
    }

    /// <summary>Around resources and prompts, whose errors are the protocol's own.</summary>
    public async ValueTask<TResult> ReadAsync<TParams, TResult>(
        RequestContext<TParams> request, McpRequestHandler<TParams, TResult> next, string what, CancellationToken cancellationToken)
    {
        try
        {
            return await next(request, cancellationToken);
        }
        catch (StorageUnavailableException e)
        {
            StorageFailed(what, e.Message);
            throw new McpProtocolException("The portal cannot use its database now. Try again in 5 seconds.", McpErrorCode.InternalError);
        }
        catch (Exception e) when (e is not (OperationCanceledException or McpException))
        {
            Broke(e, what);
            throw new McpProtocolException("The portal itself made a mistake; its log has the cause.", McpErrorCode.InternalError);
        }
    }

    // The message alone: what lies below it is the driver's and may quote a statement.
    [LoggerMessage(Level = LogLevel.Error, Message = "MCP: {Tool} could not be served: {Reason}")]
    private partial void StorageFailed(string tool, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "MCP: {Tool} ended in a fault")]
    private partial void Broke(Exception e, string tool);
}
