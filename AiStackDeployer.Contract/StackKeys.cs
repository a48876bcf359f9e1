using System.Security.Cryptography;
using System.Text;

namespace AiStackDeployer.Contract;

/// <summary>
/// What the portal and a stack know of each other without having said it: keys derived from the stack's password (about 140 random bits,
/// which both have) by HKDF-SHA256. A new password ends them all.
/// </summary>
public static class StackKeys
{
    private static readonly byte[] Salt = "ai-stack-deployer/1"u8.ToArray();

    /// <summary>32 bytes that sign the portal's tickets for one stack.</summary>
    public static byte[] TicketKey(string password) => Derive(password, "ticket");

    /// <summary>32 bytes for the gate alone: of the cookie that a ticket is turned into.</summary>
    public static byte[] SessionKey(string password) => Derive(password, "session");

    /// <summary>The bearer token that a stack's events are sent with. It can write the stack's own log, and nothing else.</summary>
    public static string IngestToken(string password) => "aisl_" + Convert.ToHexStringLower(Derive(password, "ingest"));

    /// <summary>What the ingest knows of a token: its SHA-256 as 64 lower-case hex digits.</summary>
    public static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    private static byte[] Derive(string password, string purpose) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(password), 32, Salt, Encoding.UTF8.GetBytes(purpose));
}
