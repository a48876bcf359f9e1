using AiStackDeployer.Core.Connections;

namespace AiStackDeployer.Tests.Connections;

/// <summary>The wildcard record as a test says it is.</summary>
internal sealed class FakeWildcard : IWildcardRecord
{
    private const string Name = "*.ai.example.org";

    public WildcardState State { get; set; } = With(new WildcardChange.None());

    public WildcardChange Result { get; set; } = new WildcardChange.None();

    /// <summary>Completes when the repair may end.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public int Looks { get; private set; }

    public int Repairs { get; private set; }

    public static WildcardChange Create { get; } = new WildcardChange.Write("example.org", "*.ai", [], "192.0.2.1", 300);

    public static WildcardChange Correct { get; } = new WildcardChange.Write("example.org", "*.ai", ["198.51.100.7"], "192.0.2.1", null);

    /// <summary>A record that points elsewhere, and what a repair would do about it.</summary>
    public static WildcardState With(WildcardChange plan, ConnectionCause zone = ConnectionCause.WildcardRecordFound) => new()
    {
        Name = Name,
        World = new ConnectionResult(ConnectionTarget.WildcardDns, ConnectionCause.WildcardPointsElsewhere)
        {
            Facts = new ConnectionFacts { Host = Name, Addresses = ["198.51.100.7"], ExpectedAddresses = ["192.0.2.1"] },
        },
        Zone = new ConnectionResult(ConnectionTarget.HetznerZone, zone) { Facts = new ConnectionFacts { Host = Name, Addresses = ["198.51.100.7"] } },
        Entry = zone == ConnectionCause.WildcardRecordFound ? new WildcardEntry("example.org", "*.ai", ["198.51.100.7"], [], null, 300) : null,
        Plan = plan,
    };

    public Task<WildcardState> LookAsync(CancellationToken cancellationToken)
    {
        Looks++;
        return Task.FromResult(State);
    }

    public async Task<WildcardChange> RepairAsync(CancellationToken cancellationToken)
    {
        Repairs++;
        await Gate.WaitAsync(cancellationToken);
        return Result;
    }
}
