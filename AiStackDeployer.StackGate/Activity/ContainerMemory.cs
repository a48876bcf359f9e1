using System.Globalization;

namespace AiStackDeployer.StackGate.Activity;

/// <summary>The memory of the whole container, from its control group: of version 2 or 1, whichever is there.</summary>
/// <param name="root">Where the control groups are mounted.</param>
internal sealed class ContainerMemory(string root = "/sys/fs/cgroup")
{
    /// <summary>A limit that is none: version 1 has the largest number of pages instead of a word for it.</summary>
    private const long NoLimit = 1L << 60;

    /// <summary>What cannot be given back at once, so without files that are only cached, as Docker counts; null = not known.</summary>
    public long? Used => Read("memory.current", "memory.stat", "inactive_file") ?? Read("memory/memory.usage_in_bytes", "memory/memory.stat", "total_inactive_file");

    /// <summary>Null = no limit, or not known.</summary>
    public long? Limit => (ReadNumber("memory.max") ?? ReadNumber("memory/memory.limit_in_bytes")) is { } limit and < NoLimit ? limit : null;

    private long? Read(string current, string statistics, string cached) =>
        ReadNumber(current) is { } used ? Math.Max(0, used - (ReadStatistic(statistics, cached) ?? 0)) : null;

    private long? ReadStatistic(string file, string name) =>
        ReadFile(file)?.Split('\n').FirstOrDefault(l => l.StartsWith(name + " ", StringComparison.Ordinal)) is { } line ? Parse(line[name.Length..]) : null;

    private long? ReadNumber(string file) => ReadFile(file) is { } text ? Parse(text) : null;

    private string? ReadFile(string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(root, file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static long? Parse(string text) =>
        ulong.TryParse(text.AsSpan().Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? (long)Math.Min(number, long.MaxValue) : null;
}
