using System.Buffers.Binary;
using System.Security.Cryptography;
using AiStackDeployer.Core.Backup;

namespace AiStackDeployer.Tests.Backup;

/// <summary>The envelope of an encrypted backup opens whole, with its passphrase, or not at all.</summary>
public sealed class BackupCipherTests
{
    private const int Chunk = BackupCipher.ChunkSize;
    private const int Sealed = BackupCipher.ChunkSize + BackupCipher.TagSize;
    private const string Words = "correct horse battery staple";

    // A key takes a fifth of a second; most tests only change what was sealed with it.
    private static readonly byte[] ThreeChunks = Seal(Bytes((2 * Chunk) + 100));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Chunk - 1)]
    [InlineData(Chunk)]
    [InlineData(Chunk + 1)]
    [InlineData(3 * Chunk)]
    public void What_was_sealed_opens_again(int length)
    {
        var text = Bytes(length);
        var envelope = Seal(text);

        Assert.Equal(text, Open(envelope));
        var chunks = Math.Max(1, (length + Chunk - 1) / Chunk);
        Assert.Equal(BackupCipher.HeaderSize + length + (chunks * BackupCipher.TagSize), envelope.Length);
        Assert.True(length < 16 || envelope.AsSpan().IndexOf(text.AsSpan(0, 16)) < 0, "the text can be read");
    }

    [Fact]
    public void The_same_text_is_sealed_differently_each_time() => Assert.NotEqual(Seal(Bytes(100)), Seal(Bytes(100)));

    [Fact]
    public void Another_passphrase_does_not_open_it() =>
        Assert.ThrowsAny<CryptographicException>(() => Open(ThreeChunks, Words + " "));

    [Theory]
    [InlineData(BackupCipher.HeaderSize)] // nothing but the header
    [InlineData(BackupCipher.HeaderSize + 5)] // less than a tag
    [InlineData(BackupCipher.HeaderSize + Sealed)] // after a whole chunk
    [InlineData(BackupCipher.HeaderSize + (2 * Sealed))] // after another
    [InlineData(BackupCipher.HeaderSize + (2 * Sealed) + 50)] // within the last
    public void Cut_off_anywhere_it_does_not_open(int length) =>
        Assert.ThrowsAny<CryptographicException>(() => Open(ThreeChunks[..length]));

    [Fact]
    public void With_something_behind_it_it_does_not_open() =>
        Assert.ThrowsAny<CryptographicException>(() => Open([.. ThreeChunks, 0]));

    [Fact]
    public void With_two_chunks_exchanged_it_does_not_open()
    {
        var first = ThreeChunks.AsSpan(BackupCipher.HeaderSize, Sealed);
        var second = ThreeChunks.AsSpan(BackupCipher.HeaderSize + Sealed, Sealed);

        Assert.ThrowsAny<CryptographicException>(
            () => Open([.. ThreeChunks[..BackupCipher.HeaderSize], .. Copy(2), .. Copy(1), .. Copy(3)]));
        Assert.False(first.SequenceEqual(second));
    }

    [Fact]
    public void With_a_chunk_twice_or_left_out_it_does_not_open()
    {
        var header = ThreeChunks[..BackupCipher.HeaderSize];

        Assert.ThrowsAny<CryptographicException>(() => Open([.. header, .. Copy(1), .. Copy(1), .. Copy(2), .. Copy(3)]));
        Assert.ThrowsAny<CryptographicException>(() => Open([.. header, .. Copy(1), .. Copy(3)]));
    }

    [Theory]
    [InlineData(11)] // rounds
    [InlineData(20)] // salt
    [InlineData(BackupCipher.HeaderSize)] // text
    [InlineData(BackupCipher.HeaderSize + Chunk)] // tag
    public void With_one_bit_changed_it_does_not_open(int at)
    {
        var changed = ThreeChunks.ToArray();
        changed[at] ^= 1;

        Assert.ThrowsAny<CryptographicException>(() => Open(changed));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(BackupCipher.Rounds - 1)]
    [InlineData(int.MaxValue)]
    [InlineData(-1)]
    public void A_header_that_asks_for_too_little_or_for_hours_of_work_is_refused(int rounds)
    {
        var changed = ThreeChunks.ToArray();
        BinaryPrimitives.WriteInt32BigEndian(changed.AsSpan(8), rounds);

        Assert.Throws<InvalidDataException>(() => Open(changed));
    }

    [Fact]
    public void What_was_given_up_half_way_does_not_open()
    {
        using var passphrase = new Passphrase(Words);
        using var cipher = BackupCipher.New(passphrase);
        using var output = new MemoryStream();
        using (var envelope = new SealingStream(output, cipher))
        {
            envelope.Write(Bytes(2 * Chunk));
        }

        Assert.ThrowsAny<CryptographicException>(() => Open(output.ToArray()));
    }

    /// <summary>The construction as it is written down, by hand: whoever has the description can open a backup.</summary>
    [Fact]
    public void It_is_what_the_description_says()
    {
        var envelope = Seal("hello"u8.ToArray());

        Assert.Equal("ASDBKUP1"u8.ToArray(), envelope[..8]);
        Assert.Equal(600_000, BinaryPrimitives.ReadInt32BigEndian(envelope.AsSpan(8)));
        var key = Rfc2898DeriveBytes.Pbkdf2(Words, envelope.AsSpan(12, 16), 600_000, HashAlgorithmName.SHA256, 32);
        using var gcm = new AesGcm(key, 16);
        var text = new byte[5];
        gcm.Decrypt([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], envelope.AsSpan(28, 5), envelope.AsSpan(33, 16), text, envelope.AsSpan(0, 28));
        Assert.Equal("hello"u8.ToArray(), text);
    }

    [Fact]
    public void A_passphrase_never_prints()
    {
        using var passphrase = new Passphrase(Words);

        Assert.DoesNotContain("horse", $"{passphrase}", StringComparison.Ordinal);
    }

    private static byte[] Copy(int chunk) => chunk == 3
        ? ThreeChunks[(BackupCipher.HeaderSize + (2 * Sealed))..]
        : ThreeChunks.AsSpan(BackupCipher.HeaderSize + ((chunk - 1) * Sealed), Sealed).ToArray();

    private static byte[] Bytes(int length) => [.. Enumerable.Range(0, length).Select(i => (byte)((i * 31) + (i >> 8)))];

    private static byte[] Seal(byte[] text)
    {
        using var passphrase = new Passphrase(Words);
        using var cipher = BackupCipher.New(passphrase);
        using var output = new MemoryStream();
        using var envelope = new SealingStream(output, cipher);
        envelope.Write(text);
        envelope.Complete();
        return output.ToArray();
    }

    private static byte[] Open(byte[] envelope, string words = Words)
    {
        using var passphrase = new Passphrase(words);
        using var cipher = BackupCipher.Of(envelope[..BackupCipher.HeaderSize], passphrase);
        using var stream = new OpeningStream(new MemoryStream(envelope[BackupCipher.HeaderSize..]), cipher);
        using var text = new MemoryStream();
        stream.CopyTo(text);
        return text.ToArray();
    }
}
