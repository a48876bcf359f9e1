using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using AiStackDeployer.LogIngest;
using AiStackDeployer.LogIngest.Intake;
using Microsoft.AspNetCore.Http;

namespace AiStackDeployer.Tests.Ingest;

/// <summary>Uploads that do not come as they should, over a socket of the test's own.</summary>
public sealed class UploadTests
{
    /// <summary>A gigabyte of zeros is a few hundred kB when packed.</summary>
    [Fact]
    public async Task A_bomb_is_not_unpacked_past_the_limit()
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (var i = 0; i < 100; i++)
            {
                gzip.Write(new byte[1 << 20]);
            }
        }
        packed.Position = 0;
        var context = new DefaultHttpContext { Request = { Body = packed, ContentType = "application/json", Headers = { ContentEncoding = "gzip" } } };

        var (body, refusal) = await new BodyReader(new IngestLimits(), TimeProvider.System).ReadAsync(context, CancellationToken.None);

        Assert.Null(body);
        Assert.Equal(StatusCodes.Status413PayloadTooLarge, refusal!.Status);
        // It stopped in the first hundredth, give or take a buffer.
        Assert.InRange(packed.Position, 1, (packed.Length / 100) + (16 << 10));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_hundred_megabytes_are_cut(bool isChunked)
    {
        await using var ingest = await IngestWorld.StartAsync();
        using var client = await ConnectAsync(ingest, isChunked ? "Transfer-Encoding: chunked" : "Content-Length: 104857600");
        var chunk = (isChunked ? "10000\r\n" : "") + new string(' ', 65_536) + (isChunked ? "\r\n" : "");
        var reading = ReadAllAsync(client);
        var sent = 0L;
        while (sent < 100 << 20 && !reading.IsCompleted && await SendAsync(client, chunk))
        {
            sent += 65_536;
        }

        Assert.True(sent < 100 << 20);
        // A reset may overtake the answer.
        Assert.Matches("^(HTTP/1.1 413 .*)?$", (await reading).Split("\r\n")[0]);
        await ingest.UntilAsync(1, "requests_total", ("status", "413"));
    }

    /// <summary>Half of a body and then nothing, and one byte now and then: both are slower than an upload may be.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_slow_or_half_open_upload_is_cut_and_costs_others_nothing(bool drips)
    {
        await using var ingest = await IngestWorld.StartAsync(limits: IngestWorld.AtOnce with { BodyGrace = TimeSpan.FromSeconds(1.1), MostBodiesOfStack = 1, MostBodies = 2 });
        using var client = await ConnectAsync(ingest, "Content-Length: 1000");
        var reading = ReadAllAsync(client);
        await SendAsync(client, "{\"events\":[");
        while (drips && !reading.IsCompleted && await SendAsync(client, " "))
        {
            await Task.WhenAny(reading, Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, ingest.Token));
        }

        Assert.Equal(1, (await IngestWorld.AnswerAsync(await ingest.SendAsync("anna-lab", ingest.Event("evt_1")))).Accepted);
        Assert.StartsWith("HTTP/1.1 408", await reading, StringComparison.Ordinal);
        await ingest.UntilAsync(1, "requests_total", ("status", "408"));
    }

    [Fact]
    public async Task A_body_that_takes_too_long_in_all_is_cut()
    {
        await using var ingest = await IngestWorld.StartAsync();
        using var client = await ConnectAsync(ingest, "Content-Length: 1000");
        var reading = ReadAllAsync(client);

        while (!reading.IsCompleted)
        {
            ingest.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(reading, Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, ingest.Token));
        }

        Assert.StartsWith("HTTP/1.1 408", await reading, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_leaves_inside_its_body_leaves_nothing()
    {
        await using var ingest = await IngestWorld.StartAsync(limits: IngestWorld.AtOnce with { MostBodiesOfStack = 1, BodyTime = TimeSpan.FromHours(1) });
        using (var client = await ConnectAsync(ingest, "Content-Length: 1000"))
        {
            await SendAsync(client, "{\"events\":[");
            client.LingerState = new LingerOption(true, 0);
        }

        // The one place that the stack has is free again.
        while ((await ingest.SendAsync("piet-lab", ingest.Event("evt_1"))).StatusCode == HttpStatusCode.TooManyRequests)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, ingest.Token);
        }
        await ingest.UntilAsync(1, "events_accepted_total", ("source", "opencode"));
        // Kestrel itself may call it an error that a body ended inside a read.
        Assert.DoesNotContain(
            ingest.Log.Text.Split('\n'),
            line => line.StartsWith("AiStackDeployer", StringComparison.Ordinal) && line.Contains(": Error ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_address_cannot_take_all_connections()
    {
        await using var ingest = await IngestWorld.StartAsync(limits: IngestWorld.AtOnce with { MostConnectionsOfAddress = 2 });
        using var first = await ConnectAsync(ingest, "Content-Length: 1000");
        using var second = await ConnectAsync(ingest, "Content-Length: 1000");
        using var third = await ConnectAsync(ingest, "Content-Length: 1000");

        // Which of them was counted last is up to the server.
        Assert.Equal("", await await Task.WhenAny(ReadAllAsync(first), ReadAllAsync(second), ReadAllAsync(third)));
        first.Close();
        second.Close();
        third.Close();
        while (!ingest.Token.IsCancellationRequested)
        {
            using var next = await ConnectAsync(ingest, "Content-Length: 2\r\nConnection: close");
            await SendAsync(next, "{}");
            if ((await ReadAllAsync(next)).StartsWith("HTTP/1.1 202", StringComparison.Ordinal))
            {
                return;
            }
        }
        Assert.Fail("The place of the closed connection is not free again.");
    }

    private static async Task<Socket> ConnectAsync(IngestWorld ingest, string header)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, ingest.Http.BaseAddress!.Port), TestContext.Current.CancellationToken);
        }
        catch (SocketException)
        {
            // Closed in the moment in which it was accepted: nothing can be read from it, as a test that expects this sees.
            return socket;
        }
        await SendAsync(
            socket, $"POST /ingest HTTP/1.1\r\nHost: ingest\r\nAuthorization: Bearer {FakePortal.TokenOf("piet-lab")}\r\nContent-Type: application/json\r\n{header}\r\n\r\n");
        return socket;
    }

    /// <returns>False when the other end has closed.</returns>
    private static async Task<bool> SendAsync(Socket socket, string text)
    {
        try
        {
            await socket.SendAsync(Encoding.ASCII.GetBytes(text), TestContext.Current.CancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>What comes until the other end closes, or resets.</summary>
    private static async Task<string> ReadAllAsync(Socket socket)
    {
        using var limit = IngestWorld.TimeLimit();
        var text = new StringBuilder();
        var buffer = new byte[4_096];
        try
        {
            while (await socket.ReceiveAsync(buffer, limit.Token) is > 0 and var read)
            {
                text.Append(Encoding.ASCII.GetString(buffer, 0, read));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // As good as an end.
        }
        return text.ToString();
    }
}
