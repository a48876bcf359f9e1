using System.Text.RegularExpressions;
using AiStackDeployer.Core.Builds;

namespace AiStackDeployer.Web.Settings;

/// <summary>The Gitea that builds the images.</summary>
public sealed partial record PortalSettings
{
    /// <summary>Null = builds are not shown.</summary>
    public required GiteaOptions? Gitea { get; init; }

    private static GiteaOptions? ReadGitea(SettingsReader reader)
    {
        string[] keys = ["GITEA_URL", "GITEA_REPOSITORY", "GITEA_API_TOKEN"];
        var values = keys.Select(reader.Text).ToList();
        var url = reader.Address(keys[0]);
        var workflow = reader.Text("GITEA_WORKFLOW");
        CheckToken(reader, keys[2], values[2]);
        if (values[1] is { } repository && !Repository().IsMatch(repository))
        {
            reader.Fault(keys[1], "must be the owner and the name of a repository, such as company/ai-stack.");
        }
        if (workflow is not null && !WorkflowFile().IsMatch(workflow))
        {
            reader.Fault("GITEA_WORKFLOW", "must be the file name of a workflow, such as image.yaml, without its folder.");
        }
        if (values.All(value => value is null) && workflow is null)
        {
            return null;
        }
        foreach (var missing in keys.Where((_, i) => values[i] is null))
        {
            reader.Fault(missing, "is not set, but others of the settings that begin with GITEA_ are.");
        }
        return new GiteaOptions { Url = url ?? new Uri("http://unset.invalid"), Repository = values[1] ?? "", ApiToken = values[2] ?? "", Workflow = workflow };
    }

    [GeneratedRegex(@"^[\w-][\w.-]*/[\w-][\w.-]*$")]
    private static partial Regex Repository();

    [GeneratedRegex(@"^[\w-][\w.-]*\.ya?ml$")]
    private static partial Regex WorkflowFile();
}
