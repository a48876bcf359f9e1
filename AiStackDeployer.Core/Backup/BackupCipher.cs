using System.Buffers.Binary;
using System.Security.Cryptography;

namespace AiStackDeployer.Core.Backup;

/// <summary>
/// The envelope of an encrypted backup:
/// <code>
/// header  8 bytes "ASDBKUP1", 4 bytes rounds (big-endian), 16 bytes salt
/// chunks  64 KiB of AES-256-GCM each, followed by the 16 bytes of its tag; the last one may be shorter
/// key     PBKDF2-HMAC-SHA256 of the passphrase (UTF-8), the salt and the rounds; 32 bytes
/// nonce   11 bytes number of the chunk (big-endian, from 0), 1 byte: 1 for the last chunk, else 0
/// </code>
/// The salt is new for each file, so its key is too, and no nonce is used twice under it. The number makes an exchange of chunks
/// visible, the last byte a file that was cut or lengthened. The header is authenticated with every chunk.
/// </summary>
internal sealed class BackupCipher : IDisposable
{
    public const int ChunkSize = 64 * 1024;
    public const int TagSize = 16;
    public const int KeySize = 32;
    public const int HeaderSize = 28;

    /// <summary>For a new file. What a file may ask for when it is read is between this and <see cref="MostRounds"/>.</summary>
    public const int Rounds = 600_000;

    /// <summary>A forged header must not keep a machine busy for hours.</summary>
    private const int MostRounds = 20_000_000;

    private const int SaltAt = 12;
    private const int NonceSize = 12;

    private readonly byte[] _header;
    private readonly AesGcm _gcm;
    private ulong _chunk;

    private BackupCipher(byte[] header, Passphrase passphrase)
    {
        _header = header;
        var key = passphrase.DeriveKey(header.AsSpan(SaltAt), BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(8)));
        _gcm = new AesGcm(key, TagSize);
        CryptographicOperations.ZeroMemory(key);
    }

    public static ReadOnlySpan<byte> Magic => "ASDBKUP1"u8;

    public ReadOnlyMemory<byte> Header => _header;

    public static BackupCipher New(Passphrase passphrase)
    {
        var header = new byte[HeaderSize];
        Magic.CopyTo(header);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(8), Rounds);
        RandomNumberGenerator.Fill(header.AsSpan(SaltAt));
        return new BackupCipher(header, passphrase);
    }

    /// <exception cref="InvalidDataException">No header of ours.</exception>
    public static BackupCipher Of(byte[] header, Passphrase passphrase)
    {
        if (header.Length != HeaderSize || !header.AsSpan().StartsWith(Magic)
            || BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(8)) is < Rounds or > MostRounds)
        {
            throw new InvalidDataException("Not a header of an encrypted backup.");
        }
        return new BackupCipher(header, passphrase);
    }

    /// <param name="output">As long as the text, and the tag.</param>
    public void Seal(ReadOnlySpan<byte> text, bool last, Span<byte> output) =>
        _gcm.Encrypt(NextNonce(last), text, output[..text.Length], output.Slice(text.Length, TagSize), _header);

    /// <exception cref="CryptographicException">Another passphrase, or not what was sealed at this place.</exception>
    public void Open(ReadOnlySpan<byte> chunk, bool last, Span<byte> text) =>
        _gcm.Decrypt(NextNonce(last), chunk[..^TagSize], chunk[^TagSize..], text, _header);

    public void Dispose() => _gcm.Dispose();

    private byte[] NextNonce(bool last)
    {
        var nonce = new byte[NonceSize];
        BinaryPrimitives.WriteUInt64BigEndian(nonce.AsSpan(3), _chunk++);
        nonce[^1] = last ? (byte)1 : (byte)0;
        return nonce;
    }
}
