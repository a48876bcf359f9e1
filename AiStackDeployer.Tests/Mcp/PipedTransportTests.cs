using System.Text;
using AiStackDeployer.Web.Mcp.Relay;
using ModelContextProtocol.Protocol;

namespace AiStackDeployer.Tests.Mcp;

public sealed class PipedTransportTests
{
    [Theory]
    [InlineData("no message at all")]
    [InlineData("""{"jsonrpc":"2.0","method":"notifications/cancelled","params":[]}""")]
    [InlineData("""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{}}""")]
    [InlineData("""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":true}}""")]
    public async Task A_line_that_makes_no_sense_does_not_end_the_lines_after_it(string line)
    {
        var input = new MemoryStream(Encoding.UTF8.GetBytes(line + "\n" + """{"jsonrpc":"2.0","id":1,"method":"tools/list"}""" + "\n"));
        await using var transport = new PipedTransport(input, new MemoryStream());

        JsonRpcMessage message;
        do
        {
            message = await transport.MessageReader.ReadAsync(TestContext.Current.CancellationToken);
        }
        while (message is not JsonRpcRequest);

        Assert.Equal("tools/list", ((JsonRpcRequest)message).Method);
    }
}
