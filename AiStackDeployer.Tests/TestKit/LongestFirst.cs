using AiStackDeployer.Tests.Browser;
using AiStackDeployer.Tests.Kills;
using AiStackDeployer.Tests.Operations;
using AiStackDeployer.Tests.Processes;
using AiStackDeployer.Tests.TestKit;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace AiStackDeployer.Tests.TestKit;

/// <summary>A long collection that begins last would end alone, with the other core at rest. All others stay as they are.</summary>
internal sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Long =
    [
        PublishedProgram.Name, typeof(ReplicaTests).FullName!, BrowserTests.Name, typeof(KillTests).FullName!,
    ];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderByDescending(c => Long.Contains(c.TestCollectionDisplayName.Split(" (id:")[0].Split(' ')[^1]) || Long.Contains(c.TestCollectionDisplayName))];
}
