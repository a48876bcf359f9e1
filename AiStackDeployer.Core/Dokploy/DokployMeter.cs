using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json;

namespace AiStackDeployer.Core.Dokploy;

/// <summary>
/// Durations and faults of calls to Dokploy. A call counts once with all its retries, and not at all when its caller cancelled it.
/// Labels are names of calls, HTTP statuses and kinds of faults only.
/// </summary>
public sealed class DokployMeter
{
    public const string Name = "AiStackDeployer.Dokploy";

    /// <summary>The name of the call, on every request to Dokploy: addresses hold ids in their query and make no good span names.</summary>
    public static readonly HttpRequestOptionsKey<string> CallName = new("dokploy-call");

    private const string None = "none";

    private readonly Histogram<double> _calls;
    private readonly Counter<long> _faults;

    public DokployMeter(IMeterFactory meters, DokployHealth health)
    {
        var meter = meters.Create(Name);
        _calls = meter.CreateHistogram(
            "aistack.dokploy.call.duration", "s", "Calls to Dokploy, each with all its retries.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] });
        _faults = meter.CreateCounter<long>("aistack.dokploy.faults", "{call}", "Calls to Dokploy that failed, by fault.");
        meter.CreateObservableGauge("aistack.dokploy.up", () => Up(health), description: "1 = the latest call went well; 0 = Dokploy or its key does not work.");
        meter.CreateObservableGauge("aistack.dokploy.breaker.state", () => States(health), description: "1 at the state the breaker is in.");
    }

    /// <summary>
    /// Starts every series of the fault counter at zero, or the first fault of a kind would not show as an increase. To be called once
    /// something listens.
    /// </summary>
    public void BeginAtZero()
    {
        foreach (var fault in Enum.GetValues<DokployFault>())
        {
            Count(0, fault);
        }
    }

    internal void Answered(string call, int status, TimeSpan took) => Record(call, status, None, took);

    internal void Failed(DokployException fault, TimeSpan took)
    {
        Record(fault.Call, fault.HttpStatus, Word(fault.Kind), took);
        Count(1, fault.Kind);
    }

    private void Count(int count, DokployFault fault) => _faults.Add(count, new KeyValuePair<string, object?>("fault", Word(fault)));

    private static IEnumerable<Measurement<int>> Up(DokployHealth health)
    {
        // Before the first call nothing is known.
        if (health.Current.IsWell is { } isWell)
        {
            yield return new Measurement<int>(isWell ? 1 : 0);
        }
    }

    private static IEnumerable<Measurement<int>> States(DokployHealth health)
    {
        var current = health.Current.Circuit;
        return Enum.GetValues<DokployCircuit>().Select(
            state => new Measurement<int>(state == current ? 1 : 0, new KeyValuePair<string, object?>("state", Word(state))));
    }

    private void Record(string call, int? status, string fault, TimeSpan took) => _calls.Record(took.TotalSeconds, new TagList
    {
        { "call", call },
        { "status", status?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? None },
        { "fault", fault },
    });

    private static string Word<T>(T value) where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
}
