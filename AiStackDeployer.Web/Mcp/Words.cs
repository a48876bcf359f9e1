namespace AiStackDeployer.Web.Mcp;

/// <summary>What arguments of several tools are called and may be. Short: a model reads it again for each.</summary>
internal static class Words
{
    public const string DeploymentId = "Id such as dep_1795_abc";

    public const int LongestId = 100;

    public const string Name = "3-20 of a-z, 0-9, hyphen";

    /// <summary>What is longer than a name may be is answered with the rule it breaks; what is absurd is not even read.</summary>
    public const int LongestName = 200;
}
