using System.Text;
using AiStackDeployer.StackGate.OpenCode;
using CsCheck;

namespace AiStackDeployer.Tests.Gate.Events;

public sealed class FactReaderTests
{
    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"session.status\"")]
    [InlineData("{")]
    [InlineData("""{"type":"session.status"}""")]
    [InlineData("""{"type":5,"properties":{}}""")]
    [InlineData("""{"type":"session.status","properties":[]}""")]
    [InlineData("""{"type":"session.status","properties":{"sessionID":"ses_1","status":"busy"}}""")]
    [InlineData("""{"type":"session.status","properties":{"sessionID":"ses_1","status":{"type":"asleep"}}}""")]
    [InlineData("""{"type":"permission.asked","properties":{"sessionID":"ses_1","id":{}}}""")]
    [InlineData("""{"type":"session.status","properties":{"sessionID":"\ud800","status":{"type":"busy"}}}""")]
    [InlineData("""{"payload":{"payload":{"type":"session.idle","properties":{}}}}""")]
    [InlineData("""{"payload":{"type":"sync","syncEvent":{"type":"session.status.1","data":{"sessionID":"ses_1"}}}}""")]
    public void What_has_another_shape_is_no_fact(string json) => Assert.Null(Read(json));

    [Fact]
    public void Deep_nesting_is_no_fact() => Assert.Null(Read("""{"type":"session.deleted","properties":""" + new string('[', 5_000)));

    [Fact]
    public void An_identifier_that_is_too_long_is_none()
    {
        Assert.Null(Read($$$"""{"type":"session.deleted","properties":{"sessionID":"{{{new string('s', 101)}}}"}}""")!.SessionId);
        Assert.NotNull(Read($$$"""{"type":"session.deleted","properties":{"sessionID":"{{{new string('s', 100)}}}"}}""")!.SessionId);
    }

    [Fact]
    public void Content_is_cut()
    {
        var json = """{"type":"session.error","properties":{"error":{"name":"A","data":{"message":"x"}}}}""".Replace("x", new string('x', 10_000), StringComparison.Ordinal);

        Assert.Equal(2_000, FactReader.Read(Encoding.UTF8.GetBytes(json), withContent: true)!.Content!.Length);
        Assert.Null(Read(json)!.Content);
    }

    [Fact]
    public void A_compaction_that_sends_old_tools_again_tells_nothing() =>
        Assert.IsType<SessionTouched>(Read(
            """{"type":"message.part.updated","properties":{"sessionID":"ses_1","part":{"type":"tool","callID":"call_1","tool":"bash","state":{"status":"completed","time":{"start":1,"end":2,"compacted":3}}}}}"""));

    [Fact]
    public void Where_everything_was_let_go_is_told()
    {
        Assert.Equal("/a", Assert.IsType<InstanceDisposed>(Read("""{"directory":"/a","payload":{"type":"server.instance.disposed","properties":{"directory":"/a"}}}""")).Folder);
        Assert.Null(Assert.IsType<InstanceDisposed>(Read("""{"directory":"global","payload":{"type":"global.disposed","properties":{}}}""")).Folder);
    }

    /// <summary>The recorded frames with some bytes changed: many are still JSON.</summary>
    [Fact]
    public void No_frame_can_break_the_reader()
    {
        var frames = File.ReadAllLines(RecordedStream.Path).Where(l => l.StartsWith("data: ", StringComparison.Ordinal)).Select(l => Encoding.UTF8.GetBytes(l[6..])).ToArray();
        Gen.Select(Gen.Int[0, frames.Length - 1], Gen.Select(Gen.Int[0, 100_000], Gen.Byte).Array[1, 8]).Sample((frame, changes) =>
        {
            var bytes = (byte[])frames[frame].Clone();
            foreach (var (at, value) in changes)
            {
                bytes[at % bytes.Length] = value;
            }
            FactReader.Read(bytes, withContent: true);
        }, iter: 2_000);
    }

    private static OpenCodeFact? Read(string json) => FactReader.Read(Encoding.UTF8.GetBytes(json), withContent: false);
}
