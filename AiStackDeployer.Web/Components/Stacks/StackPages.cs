namespace AiStackDeployer.Web.Components.Stacks;

/// <summary>Where the page of a stack is.</summary>
public static class StackPages
{
    /// <summary>Relative to the portal's root.</summary>
    public static string PathOf(string name) => $"stacks/{Uri.EscapeDataString(name)}";
}
