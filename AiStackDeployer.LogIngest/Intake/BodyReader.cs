using System.Buffers;
using System.IO.Compression;

namespace AiStackDeployer.LogIngest.Intake;

/// <summary>Reads a body into memory, unpacked, and never more of it than the limit: a bomb is noticed at the first byte too many.</summary>
internal sealed class BodyReader(IngestLimits limits, TimeProvider time)
{
    private const int FirstBuffer = 64 << 10;

    /// <returns>The body, or why it is refused.</returns>
    public async Task<(Body? Body, Refusal? Refusal)> ReadAsync(HttpContext context, CancellationToken stopping)
    {
        var request = context.Request;
        if (!request.HasJsonContentType())
        {
            return (null, new Refusal(StatusCodes.Status415UnsupportedMediaType, "The body must be application/json."));
        }
        var encoding = request.Headers.ContentEncoding.ToString().Trim();
        var isPacked = encoding.Equals("gzip", StringComparison.OrdinalIgnoreCase);
        if (!isPacked && encoding.Length > 0 && !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            return (null, new Refusal(StatusCodes.Status415UnsupportedMediaType, "The body may be compressed with gzip, and with nothing else."));
        }
        if (request.ContentLength > limits.MostBodyBytes)
        {
            return (null, Refusal.TooLarge);
        }

        using var over = new CancellationTokenSource(limits.BodyTime, time);
        // Not with RequestAborted: Kestrel ends the read itself when the sender leaves.
        using var end = CancellationTokenSource.CreateLinkedTokenSource(over.Token, stopping);
        var buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
        try
        {
            await using var gzip = isPacked ? new GZipStream(request.Body, CompressionMode.Decompress, leaveOpen: true) : null;
            var stream = gzip ?? request.Body;
            var length = 0;
            while (true)
            {
                if (length == limits.MostBodyBytes)
                {
                    if (await stream.ReadAsync(new byte[1], end.Token) > 0)
                    {
                        return (Release(buffer), Refusal.TooLarge);
                    }
                    break;
                }
                if (length == buffer.Length)
                {
                    buffer = Grow(buffer);
                }
                var read = await stream.ReadAsync(buffer.AsMemory(length, Math.Min(buffer.Length, limits.MostBodyBytes) - length), end.Token);
                if (read == 0)
                {
                    break;
                }
                length += read;
            }
            return (new Body(buffer, length), null);
        }
        catch (BadHttpRequestException e)
        {
            // Kestrel's own limits: too large, or slower than an upload may be.
            return (Release(buffer), e.StatusCode == StatusCodes.Status413PayloadTooLarge ? Refusal.TooLarge : new Refusal(e.StatusCode, "The body did not come as it should."));
        }
        catch (InvalidDataException)
        {
            return (Release(buffer), new Refusal(StatusCodes.Status400BadRequest, "The body is no gzip, although it says so."));
        }
        catch (IOException)
        {
            return (Release(buffer), new Refusal(StatusCodes.Status400BadRequest, "The connection ended inside the body."));
        }
        catch (OperationCanceledException)
        {
            return (Release(buffer), stopping.IsCancellationRequested
                ? Refusal.Stopping
                : new Refusal(StatusCodes.Status408RequestTimeout, "The body took too long."));
        }
    }

    private static byte[] Grow(byte[] buffer)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    private static Body? Release(byte[] buffer)
    {
        ArrayPool<byte>.Shared.Return(buffer);
        return null;
    }
}

/// <summary>What was read, in memory that is given back.</summary>
internal sealed class Body(byte[] buffer, int length) : IDisposable
{
    public ReadOnlyMemory<byte> Memory { get; } = buffer.AsMemory(0, length);

    public void Dispose() => ArrayPool<byte>.Shared.Return(buffer);
}
