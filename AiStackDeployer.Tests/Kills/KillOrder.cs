using System.Globalization;

namespace AiStackDeployer.Tests.Kills;

/// <summary>Where a portal is to be killed: at the nth call or commit that fits, counted from the moment of the order.</summary>
/// <param name="Scenario">deploy, keep, cancel, fail, the name of an operation, <see cref="OutsideOfRuns"/>, or <see cref="Any"/>.</param>
/// <param name="Side"><see cref="Before"/>, <see cref="After"/>, or <see cref="Any"/>.</param>
/// <param name="What">A call's name, <see cref="Commit"/>, <see cref="Save"/>, or <see cref="Any"/>.</param>
/// <param name="Delay">How long after that; zero = on the very spot.</param>
internal sealed record KillOrder(string Scenario, string Side, string What, int Nth, TimeSpan Delay = default)
{
    public const string Any = "*";
    public const string Before = "before";
    public const string After = "after";

    /// <summary>Dokploy has done the work and its answer is on its way: only the emulator can tell, so it is not the portal that is told.</summary>
    public const string During = "during";

    public const string Commit = "commit";

    /// <summary>A single statement that needs no transaction, and the end of <c>SaveChanges</c> whether or not a commit follows.</summary>
    public const string Save = "save";

    /// <summary>Accepting, cancelling, handing to the engine, health: whatever is not a run of an operation.</summary>
    public const string OutsideOfRuns = "portal";

    /// <summary>How the portal's lines about it begin.</summary>
    public const string Met = "MET-POINT", Killed = "KILLED-AT";

    /// <summary>Nothing is killed, and every point is written down.</summary>
    public static KillOrder List { get; } = new("list", "", "", 0);

    public bool IsList => this == List;

    /// <summary>Whichever is met first.</summary>
    public static string Join(IEnumerable<KillOrder> orders) => string.Join(';', orders);

    public static IReadOnlyList<KillOrder> ParseAll(string line) => [.. line.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(Parse)];

    public static KillOrder Parse(string line)
    {
        var parts = line.Split(' ');
        return new KillOrder(
            parts[0], parts[1], parts[2], int.Parse(parts[3], CultureInfo.InvariantCulture),
            TimeSpan.FromMicroseconds(int.Parse(parts[4], CultureInfo.InvariantCulture)));
    }

    public bool Fits(string scenario, string side, string what) =>
        (Scenario is Any || Scenario == scenario) && (Side is Any || Side == side) && (What is Any || What == what);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Scenario} {Side} {What} {Nth} {Delay.TotalMicroseconds:0}");
}
