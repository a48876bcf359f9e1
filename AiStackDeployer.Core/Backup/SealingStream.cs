namespace AiStackDeployer.Core.Backup;

/// <summary>Encrypts what is written to it. Only <see cref="Complete"/> writes the last chunk: what was given up half-way cannot pass for whole.</summary>
internal sealed class SealingStream(Stream output, BackupCipher cipher) : OneWayStream
{
    private readonly byte[] _text = new byte[BackupCipher.ChunkSize];
    private readonly byte[] _sealed = new byte[BackupCipher.ChunkSize + BackupCipher.TagSize];
    private int _filled;
    private bool _begun;

    public override bool CanWrite => true;

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            // A full chunk waits until more comes: it may be the last one.
            if (_filled == _text.Length)
            {
                SealChunk(last: false);
            }
            var taken = Math.Min(buffer.Length, _text.Length - _filled);
            buffer[..taken].CopyTo(_text.AsSpan(_filled));
            _filled += taken;
            buffer = buffer[taken..];
        }
    }

    public void Complete() => SealChunk(last: true);

    public override void Flush()
    {
        // Chunks are whole or not at all.
    }

    private void SealChunk(bool last)
    {
        if (!_begun)
        {
            output.Write(cipher.Header.Span);
            _begun = true;
        }
        cipher.Seal(_text.AsSpan(0, _filled), last, _sealed);
        output.Write(_sealed, 0, _filled + BackupCipher.TagSize);
        _filled = 0;
    }
}
