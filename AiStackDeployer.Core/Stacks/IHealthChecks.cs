namespace AiStackDeployer.Core.Stacks;

/// <summary>Looks whether stacks answer, besides the regular rounds.</summary>
public interface IHealthChecks
{
    /// <summary>
    /// Somebody looks at these stacks: the ready ones among them that were not looked at a moment ago are looked at in the background,
    /// as many as the rate allows. What has changed is signalled like any other change.
    /// </summary>
    void CheckSoon(IEnumerable<string> stackIds);
}
