using AiStackDeployer.Tests.Browser;
using AiStackDeployer.Tests.Kills;
using AiStackDeployer.Tests.Operations;
using AiStackDeployer.Tests.Processes;
using AiStackDeployer.Tests.TestKit;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace AiStackDeployer.Tests.TestKit;

/// <summary>
/// A long collection that begins last would end alone, with the other core at rest. The others are mixed, or all that start processes would
/// run at the same time.
/// </summary>
internal sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Long =
    [
        PublishedProgram.Name, typeof(ReplicaTests).FullName!, BrowserTests.Name, typeof(KillTests).FullName!,
    ];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderByDescending(c => IsLong(c)).ThenBy(c => c.UniqueID, StringComparer.Ordinal)];

    /// <summary>One without a name of its own is called "Test collection for {class} (id: …)".</summary>
    private static bool IsLong(ITestCollection collection) =>
        Long.Any(name => collection.TestCollectionDisplayName == name || collection.TestCollectionDisplayName.StartsWith($"Test collection for {name} ", StringComparison.Ordinal));
}
