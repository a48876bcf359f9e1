using System.Security.Cryptography;

namespace AiStackDeployer.Core.Backup;

/// <summary>Decrypts chunk by chunk; nothing of a chunk is handed out before its tag has been checked.</summary>
/// <param name="input">Behind the header.</param>
internal sealed class OpeningStream(Stream input, BackupCipher cipher) : OneWayStream
{
    private readonly byte[] _text = new byte[BackupCipher.ChunkSize];
    private byte[] _current = new byte[BackupCipher.ChunkSize + BackupCipher.TagSize];
    private byte[] _next = new byte[BackupCipher.ChunkSize + BackupCipher.TagSize];
    private int _nextLength = -1;
    private int _at;
    private int _filled;
    private bool _ended;

    public override bool CanRead => true;

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <exception cref="CryptographicException">Another passphrase, or the file is not what was written.</exception>
    public override int Read(Span<byte> buffer)
    {
        while (_at == _filled && !_ended)
        {
            OpenChunk();
        }
        var taken = Math.Min(buffer.Length, _filled - _at);
        _text.AsSpan(_at, taken).CopyTo(buffer);
        _at += taken;
        return taken;
    }

    public override void Flush()
    {
    }

    private void OpenChunk()
    {
        if (_nextLength < 0)
        {
            _nextLength = Fill(_next);
        }
        (_current, _next) = (_next, _current);
        var length = _nextLength;
        // Only where nothing follows it can be the last one, and only there its nonce says so.
        _nextLength = length < _current.Length ? 0 : Fill(_next);
        _ended = _nextLength == 0;
        if (length < BackupCipher.TagSize)
        {
            throw new CryptographicException("Cut off within a chunk.");
        }
        _filled = length - BackupCipher.TagSize;
        _at = 0;
        cipher.Open(_current.AsSpan(0, length), _ended, _text.AsSpan(0, _filled));
    }

    private int Fill(byte[] chunk) => input.ReadAtLeast(chunk, chunk.Length, throwOnEndOfStream: false);
}
