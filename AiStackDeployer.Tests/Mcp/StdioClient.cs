using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using AiStackDeployer.Tests.TestKit;

namespace AiStackDeployer.Tests.Mcp;

/// <summary>
/// The relay as a client's child process. Speaks the protocol by hand, line by line, so that whatever else stands on standard
/// output is seen.
/// </summary>
internal sealed class StdioClient : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly Task _reading;
    private readonly Task<string> _errors;
    private readonly CancellationToken _token;
    private int _id;

    private StdioClient(Process process, CancellationToken token)
    {
        _process = process;
        _token = token;
        _reading = ReadAsync();
        _errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
    }

    /// <summary>Every line of standard output so far.</summary>
    public List<string> Output { get; } = [];

    /// <summary>Started and greeted.</summary>
    public static async Task<StdioClient> StartAsync(
        Uri portal, CancellationToken cancellationToken, string? folder = null, string[]? arguments = null)
    {
        var client = Start(portal, cancellationToken, folder, arguments);
        await client.GreetAsync();
        return client;
    }

    public static StdioClient Start(Uri portal, CancellationToken cancellationToken, string? folder = null, string[]? arguments = null)
    {
        var start = new ProcessStartInfo("dotnet", arguments ?? [ProgramProcess.DllOf("AiStackDeployer.Web"), "mcp"])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder ?? Path.GetTempPath(),
        };
        foreach (var key in start.Environment.Keys.Where(ProgramProcess.IsOurs).ToList())
        {
            start.Environment.Remove(key);
        }
        start.Environment["PORTAL_URL"] = portal.ToString();
        return new StdioClient(Process.Start(start)!, cancellationToken);
    }

    /// <summary>As a client of the revision before the last does.</summary>
    public async Task GreetAsync()
    {
        var greeting = await AskAsync(
            "initialize", """{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"by-hand","version":"1"}}""");
        Assert.Equal("ai-stack-deployer", greeting["result"]!["serverInfo"]!.Text("name"));
        await NotifyAsync("notifications/initialized", "{}");
    }

    /// <summary>The answer to a request; what comes before it is kept in <see cref="Output"/>.</summary>
    public async Task<JsonNode> AskAsync(string method, string parameters = "{}")
    {
        var id = await SendAsync(method, parameters);
        return await AnswerAsync(id);
    }

    public async Task<int> SendAsync(string method, string parameters)
    {
        var id = ++_id;
        await _process.StandardInput.WriteLineAsync(
            $$"""{"jsonrpc":"2.0","id":{{id}},"method":"{{method}}","params":{{parameters}}}""".AsMemory(), _token);
        await _process.StandardInput.FlushAsync(_token);
        return id;
    }

    public async Task NotifyAsync(string method, string parameters)
    {
        await _process.StandardInput.WriteLineAsync($$"""{"jsonrpc":"2.0","method":"{{method}}","params":{{parameters}}}""".AsMemory(), _token);
        await _process.StandardInput.FlushAsync(_token);
    }

    public async Task<JsonNode> AnswerAsync(int id) => await MessageAsync(m => m["id"]?.GetValue<int>() == id);

    public async Task<JsonNode> MessageAsync(Func<JsonNode, bool> wished)
    {
        while (true)
        {
            var message = JsonNode.Parse(await _lines.Reader.ReadAsync(_token))!;
            if (wished(message))
            {
                return message;
            }
        }
    }

    /// <summary>A tool's answer: whether it is an error, and its JSON.</summary>
    public async Task<(bool IsError, JsonNode Answer)> CallAsync(string tool, string arguments = "{}")
    {
        var answer = await AskAsync("tools/call", $$"""{"name":"{{tool}}","arguments":{{arguments}}}""");
        var result = answer["result"]!;
        return (result["isError"]?.GetValue<bool>() == true, JsonNode.Parse(result["content"]![0]!.Text("text"))!);
    }

    /// <summary>Closes standard input, as a client that has done; returns what stood on standard error.</summary>
    public async Task<(int ExitCode, string Errors)> EndAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync(_token);
        await _reading;
        return (_process.ExitCode, await _errors);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }
        await _process.WaitForExitAsync(CancellationToken.None);
        await _reading;
        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            Output.Add(line);
            _lines.Writer.TryWrite(line);
        }
        _lines.Writer.TryComplete();
    }
}
