using System.ComponentModel;
using AiStackDeployer.Core.Connections;
using AiStackDeployer.Core.People;
using AiStackDeployer.Web.Presentation;
using AiStackDeployer.Web.Security;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AiStackDeployer.Web.Mcp;

internal sealed class ConnectionTools(ConnectionReports reports, ConnectionText text, McpCaller caller)
{
    [McpServerTool(
        Name = "test_api_connections", Title = "Test connections", ReadOnly = true, Destructive = false, Idempotent = true, OpenWorld = true,
        UseStructuredContent = true, OutputSchemaType = typeof(ConnectionsToolResult))]
    [Description("What the portal depends on (Dokploy, its key, DNS, certificate, database): verdict, cause and remedy.")]
    public async Task<CallToolResult> TestAsync(RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken)
    {
        if (!await caller.MayAsync(request, null, Policies.ViewAdmin))
        {
            return Reply.NeedsScope(Scopes.Admin);
        }
        var report = await reports.GetAsync(ConnectionReports.FreshAge, cancellationToken);
        return Reply.Of(new ConnectionsToolResult(
            report.Overall.ToWire(),
            text.Overall(report),
            [
                .. report.Results.Select(r => new CheckedConnection(
                    r.Target.ToWire(),
                    r.Verdict.ToWire(),
                    r.Cause.ToWire(),
                    text.Cause(r),
                    text.Remedy(r),
                    r.Latency is { } took ? (int)Math.Ceiling(took.TotalMilliseconds) : null)),
            ],
            report.Overall == ConnectionVerdict.Good ? "No action needed." : "Pass the remedies on to an administrator."));
    }
}
