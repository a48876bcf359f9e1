using System.Security.Cryptography;
using System.Text;

namespace AiStackDeployer.Core.Backup;

/// <summary>What opens an encrypted backup. It never prints.</summary>
public sealed class Passphrase : IDisposable
{
    /// <summary>Shorter ones are guessed: whoever has the file may try as often as he likes.</summary>
    public const int LeastLength = 12;

    private readonly byte[] _bytes;

    public Passphrase(string text)
    {
        _bytes = Encoding.UTF8.GetBytes(text);
        IsLongEnough = text.Length >= LeastLength;
    }

    /// <summary>
    /// The first line that is not empty, without the spaces around it. So a file gives the same one whoever reads it, with the line
    /// break of an editor or a note below. Null = there is none.
    /// </summary>
    public static Passphrase? Read(TextReader text)
    {
        while (text.ReadLine() is { } line)
        {
            if (line.Trim() is { Length: > 0 } words)
            {
                return new Passphrase(words);
            }
        }
        return null;
    }

    /// <summary>For a new backup. An old one is opened with what it was made with.</summary>
    public bool IsLongEnough { get; }

    internal byte[] DeriveKey(ReadOnlySpan<byte> salt, int rounds) =>
        Rfc2898DeriveBytes.Pbkdf2(_bytes, salt, rounds, HashAlgorithmName.SHA256, BackupCipher.KeySize);

    public override string ToString() => "Passphrase { … }";

    public void Dispose() => CryptographicOperations.ZeroMemory(_bytes);
}
