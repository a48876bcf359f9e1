using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AiStackDeployer.Core.Naming;
using AiStackDeployer.Web.Presentation;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AiStackDeployer.Web.Mcp;

internal sealed class NameTools(NameAvailabilityService names, NameText text, McpCaller caller)
{
    [McpServerTool(
        Name = "check_name_availability", Title = "Check a name", ReadOnly = true, Destructive = false, Idempotent = true, OpenWorld = false,
        UseStructuredContent = true, OutputSchemaType = typeof(NameToolResult))]
    [Description("Whether a name can be had now; nothing is held. Suggests free ones.")]
    public async Task<CallToolResult> CheckAsync(
        RequestContext<CallToolRequestParams> request,
        [Description(Words.Name)] [MaxLength(Words.LongestName)] string name,
        CancellationToken cancellationToken)
    {
        if (caller.CountCheck(request) is { } wait)
        {
            return Reply.TooMany(wait);
        }
        var availability = await names.CheckAsync(name, McpCaller.AskerOf(request), cancellationToken);
        var report = NameReport.Of(availability, text);
        return Reply.Of(new NameToolResult(
            report.IsAvailable,
            report.Name,
            report.Code,
            report.Sentence,
            report.Suggestions.Count == 0 ? null : report.Suggestions,
            Next(availability, report.Suggestions)));
    }

    private static string Next(NameAvailability availability, IReadOnlyList<string> suggestions) => availability switch
    {
        { MayTry: true } => "Call deploy_stack.",
        NameAvailability.TakenByYou { DeploymentId: { } id } => $"Call check_deployment_status for {id}.",
        _ when suggestions.Count > 0 => "Try one of suggestions.",
        _ => "Try another name.",
    };
}
