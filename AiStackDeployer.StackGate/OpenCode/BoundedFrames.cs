namespace AiStackDeployer.StackGate.OpenCode;

/// <summary>
/// The event stream as it comes, but no frame is longer than <paramref name="longest"/> (the rest is cut off, and it is no JSON any more),
/// and a silence longer than <paramref name="silence"/> is an error: both generations send a heartbeat. The parser behind it keeps a whole
/// frame in memory.
/// </summary>
internal sealed class BoundedFrames(Stream inner, int longest, TimeSpan silence, TimeProvider time) : Stream
{
    private int _length;
    private bool _lineIsEmpty = true;

    /// <summary>How many frames were cut.</summary>
    public int Cut { get; private set; }

    /// <summary>Bytes that have come.</summary>
    public long Received { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            using var quiet = new CancellationTokenSource(silence, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(quiet.Token, cancellationToken);
            int read;
            try
            {
                read = await inner.ReadAsync(buffer, either.Token);
            }
            catch (OperationCanceledException) when (quiet.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                throw new IOException($"Nothing came for {silence.TotalSeconds:0} seconds.");
            }
            Received += read;
            var kept = Keep(buffer.Span[..read]);
            if (kept > 0 || read == 0)
            {
                return kept;
            }
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    protected override void Dispose(bool disposing)
    {
        inner.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Moves what is kept to the front. From the first byte that is too many up to an empty line, only one end of a line is kept.</summary>
    private int Keep(Span<byte> bytes)
    {
        var kept = 0;
        foreach (var value in bytes)
        {
            var lineWasEmpty = _lineIsEmpty;
            if (value == (byte)'\n' && lineWasEmpty)
            {
                _length = 0;
                bytes[kept++] = value;
                continue;
            }
            _lineIsEmpty = value == (byte)'\n' || (lineWasEmpty && value == (byte)'\r');
            if (_length < longest)
            {
                bytes[kept++] = value;
            }
            else if (_length == longest)
            {
                Cut++;
                if (!lineWasEmpty)
                {
                    bytes[kept++] = (byte)'\n';
                }
            }
            _length = Math.Min(_length + 1, longest + 1);
        }
        return kept;
    }
}
