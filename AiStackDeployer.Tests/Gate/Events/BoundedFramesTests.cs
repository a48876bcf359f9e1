using System.Text;
using AiStackDeployer.StackGate.OpenCode;
using CsCheck;
using Microsoft.Extensions.Time.Testing;

namespace AiStackDeployer.Tests.Gate.Events;

public sealed class BoundedFramesTests
{
    private const int Longest = 20;

    /// <summary>However the stream is cut into pieces, frames that are short enough come through as they were, and no other is longer than that.</summary>
    [Fact]
    public void Short_frames_pass_and_long_ones_are_cut()
    {
        var line = Gen.Char['a', 'c'].Array[1, 30].Select(c => new string(c));
        var frame = line.List[1, 4].Select(lines => string.Join('\n', lines) + "\n\n");
        Gen.Select(frame.List[1, 6], Gen.Int[1, 12].List[1, 50]).Sample((frames, pieces) =>
        {
            var (text, cut) = Read(string.Concat(frames), pieces);
            var read = text.Split("\n\n", StringSplitOptions.None)[..^1];
            Assert.Equal(frames.Count, read.Length);
            Assert.Equal(frames.Count(f => f.Length - 1 > Longest), cut);
            foreach (var (sent, got) in frames.Zip(read))
            {
                var whole = sent[..^2];
                Assert.True(got.Length <= Longest);
                Assert.Equal(whole.Length + 1 <= Longest ? whole : whole[..Longest].TrimEnd('\n'), got.TrimEnd('\n'));
            }
        }, iter: 2_000);
    }

    [Fact]
    public void A_line_without_an_end_costs_no_more_than_one_frame()
    {
        var (text, cut) = Read(new string('x', 100_000), [7]);

        Assert.Equal(new string('x', Longest) + "\n", text);
        Assert.Equal(1, cut);
    }

    [Fact]
    public async Task Silence_is_an_error()
    {
        var time = new FakeTimeProvider();
        var silent = new System.IO.Pipelines.Pipe();
        await using var frames = new BoundedFrames(silent.Reader.AsStream(), Longest, TimeSpan.FromSeconds(45), time);
        var reading = frames.ReadAsync(new byte[10], TestContext.Current.CancellationToken).AsTask();
        await silent.Writer.WriteAsync(": heartbeat\n\n"u8.ToArray(), TestContext.Current.CancellationToken);
        Assert.Equal(10, await reading);
        await frames.ReadAsync(new byte[10], TestContext.Current.CancellationToken);

        reading = frames.ReadAsync(new byte[10], TestContext.Current.CancellationToken).AsTask();
        time.Advance(TimeSpan.FromSeconds(44));
        Assert.False(reading.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<IOException>(() => reading);
    }

    private static (string Text, int Cut) Read(string text, IReadOnlyList<int> pieces)
    {
        using var frames = new BoundedFrames(new Pieces(Encoding.UTF8.GetBytes(text), pieces), Longest, TimeSpan.FromSeconds(45), TimeProvider.System);
        var all = new StringBuilder();
        var buffer = new byte[64];
        while (frames.ReadAsync(buffer).AsTask().GetAwaiter().GetResult() is var read and > 0)
        {
            all.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }
        return (all.ToString(), frames.Cut);
    }

    /// <summary>Gives its bytes in pieces of these sizes.</summary>
    private sealed class Pieces(byte[] bytes, IReadOnlyList<int> sizes) : MemoryStream(bytes)
    {
        private int _next;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, sizes[_next++ % sizes.Count])], cancellationToken);
    }
}
