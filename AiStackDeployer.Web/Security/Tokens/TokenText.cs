using System.Text;

namespace AiStackDeployer.Web.Security.Tokens;

/// <summary>
/// A personal access token as text: <c>aisd_</c>, the secret, and a checksum. By these a typo, and a token that lies about in some
/// repository, can be recognised without asking the database.
/// </summary>
internal static class TokenText
{
    public const string Prefix = "aisd_";

    public static string Of(string secret) => WithChecksum(Prefix + secret);

    /// <summary>False also for a token with a typo.</summary>
    public static bool IsWhole(string text) =>
        text.StartsWith(Prefix, StringComparison.Ordinal) && text.LastIndexOf('_') is var cut && cut > Prefix.Length && text == WithChecksum(text[..cut]);

    private static string WithChecksum(string text) => $"{text}_{Crc32(text):x8}";

    /// <summary>As zip and PNG have it, so that a scanner in any language can compute it.</summary>
    private static uint Crc32(string text)
    {
        var crc = uint.MaxValue;
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
            }
        }
        return ~crc;
    }
}
