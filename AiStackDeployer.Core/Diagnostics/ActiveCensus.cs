using AiStackDeployer.Core.Deployments;

namespace AiStackDeployer.Core.Diagnostics;

/// <summary>The figures of deployments and stacks for gauges: the database is asked at most every five seconds.</summary>
public sealed class ActiveCensus(IDeploymentStore store, TimeProvider time)
{
    internal static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    private readonly GaugeReading<ActiveFigures> _reading =
        new(async () => await store.ReadActiveFiguresAsync(CancellationToken.None), Fresh, time);

    /// <inheritdoc cref="GaugeReading{T}.ReadTimeout"/>
    internal TimeSpan ReadTimeout
    {
        get => _reading.ReadTimeout;
        set => _reading.ReadTimeout = value;
    }

    /// <summary>No value = the database cannot be read now, or a reading of it hangs.</summary>
    internal GaugeAnswer<ActiveFigures> Read() => _reading.Read();
}
