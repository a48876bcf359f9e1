using System.Security.Cryptography;
using System.Text;

namespace AiStackDeployer.DokployEmulator.World;

/// <summary>Identifiers in the forms Dokploy and Docker give them.</summary>
internal static class Ids
{
    private const string NanoAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
    private const string Base36 = "0123456789abcdefghijklmnopqrstuvwxyz";
    private const string Hex = "0123456789abcdef";
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /// <summary>nanoid(21); may begin with '-' or '_', as Dokploy's do.</summary>
    public static string Nano() => RandomNumberGenerator.GetString(NanoAlphabet, 21);

    /// <summary>The six characters Dokploy adds to every appName.</summary>
    public static string AppNameSuffix() => RandomNumberGenerator.GetString(Base36, 6);

    /// <summary>A 64-letter API key.</summary>
    public static string ApiKey() => RandomNumberGenerator.GetString(Letters, 64);

    /// <summary>A swarm object's id: 25 characters of base 36.</summary>
    public static string Swarm() => RandomNumberGenerator.GetString(Base36, 25);

    /// <summary>
    /// A swarm task's id that follows from its service, generation and run, so that a task is a function of state
    /// and needs no row of its own.
    /// </summary>
    public static string Task(string serviceId, int generation, int run) => Derive(Base36, 25, serviceId, generation, run);

    /// <summary>The 64 hex digits of the container behind a task.</summary>
    public static string Container(string taskId) => Derive(Hex, 64, taskId, 0, 0);

    /// <summary>A content digest that follows from the image's name, so a second pull of it shows the same.</summary>
    public static string Digest(string image) => Derive(Hex, 64, image, 0, 0);

    private static string Derive(string alphabet, int length, string text, int a, int b)
    {
        var bytes = SHA512.HashData(Encoding.UTF8.GetBytes($"{text}/{a}/{b}"));
        return string.Create(length, (bytes, alphabet), static (span, s) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = s.alphabet[s.bytes[i % s.bytes.Length] % s.alphabet.Length];
            }
        });
    }
}
