using System.Diagnostics.Metrics;

namespace AiStackDeployer.Core.Diagnostics;

/// <summary>The disk under the portal's data: when it is full, nothing can be claimed and no run goes on.</summary>
public sealed class DataDiskMeter
{
    public const string Name = "AiStackDeployer.DataDisk";

    public DataDiskMeter(IMeterFactory meters, string directory)
    {
        var meter = meters.Create(Name);
        meter.CreateObservableGauge(
            "aistack.data.disk.available", () => Read(directory, d => d.AvailableFreeSpace), "By", "Room left for the portal on the disk of its data.");
        meter.CreateObservableGauge(
            "aistack.data.disk.size", () => Read(directory, d => d.TotalSize), "By", "Size of the disk of the portal's data.");
    }

    private static IEnumerable<Measurement<long>> Read(string directory, Func<DriveInfo, long> figure)
    {
        long bytes;
        try
        {
            // Any folder will do: the system is asked about the file system that holds it.
            bytes = figure(new DriveInfo(directory));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A gap in the curve, rather than a scrape that fails.
            yield break;
        }
        yield return new Measurement<long>(bytes);
    }
}
