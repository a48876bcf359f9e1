using AiStackDeployer.StackGate.Activity;

namespace AiStackDeployer.Tests.Gate.Events;

public sealed class ContainerMemoryTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Version_2_is_read_without_what_is_only_cached()
    {
        Write("memory.current", "500000000\n");
        Write("memory.max", "1073741824\n");
        Write("memory.stat", "anon 300000000\ninactive_file_other 5\ninactive_file 100000000\n");

        Assert.Equal((400_000_000, 1_073_741_824), Read());
    }

    [Fact]
    public void Version_1_is_read_too()
    {
        Write("memory/memory.usage_in_bytes", "500000000\n");
        Write("memory/memory.limit_in_bytes", "1073741824\n");
        Write("memory/memory.stat", "cache 1\ntotal_inactive_file 100000000\n");

        Assert.Equal((400_000_000, 1_073_741_824), Read());
    }

    [Theory]
    [InlineData("memory.max", "max\n")]
    [InlineData("memory/memory.limit_in_bytes", "9223372036854771712\n")]
    [InlineData("memory/memory.limit_in_bytes", "18446744073709551615\n")]
    public void No_limit_is_none(string file, string text)
    {
        Write("memory.current", "5\n");
        Write(file, text);

        Assert.Equal((5, null), Read());
    }

    [Fact]
    public void What_cannot_be_read_is_unknown()
    {
        Assert.Equal((null, null), Read());
        Write("memory.current", "many");
        Assert.Equal((null, null), Read());
    }

    private (long? Used, long? Limit) Read()
    {
        var memory = new ContainerMemory(_root);
        return (memory.Used, memory.Limit);
    }

    private void Write(string file, string text)
    {
        var path = Path.Combine(_root, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
