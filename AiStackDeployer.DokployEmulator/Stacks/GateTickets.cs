using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace AiStackDeployer.DokployEmulator.Stacks;

/// <summary>What a gate remembers between two requests. One for all stacks: a ticket's id is nobody else's.</summary>
internal sealed class GateMemory
{
    private readonly ConcurrentDictionary<string, DateTimeOffset> _used = new();
    private readonly ConcurrentDictionary<string, DateTimeOffset> _humans = new();

    /// <summary>False for an id that was used before.</summary>
    public bool TryUse(string id, DateTimeOffset expires, DateTimeOffset now)
    {
        foreach (var (old, _) in _used.Where(u => u.Value < now - TimeSpan.FromMinutes(5)))
        {
            _used.TryRemove(old, out _);
        }

        return _used.TryAdd(id, expires);
    }

    public void SawHuman(string host, DateTimeOffset now) => _humans[host] = now;

    public DateTimeOffset? LastHuman(string host) => _humans.TryGetValue(host, out var at) ? at : null;
}

/// <summary>
/// Tickets and cookies under keys that are derived from the stack's password: HKDF-SHA256, and JSON web tokens with HS256. Written from
/// the description, by hand.
/// </summary>
internal static class GateTickets
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Session = TimeSpan.FromHours(12);

    /// <summary>The ticket's id, person and end; null when it is not good for this stack and this use.</summary>
    public static (string Id, string Person, DateTimeOffset Expires)? Read(string ticket, string password, string stackUrl, string use, DateTimeOffset now)
    {
        var parts = ticket.Split('.');
        if (parts.Length != 3 || !IsSignedBy(Key(password, "ticket"), $"{parts[0]}.{parts[1]}", parts[2]))
        {
            return null;
        }

        try
        {
            using var head = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[0]));
            using var body = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[1]));
            var claims = body.RootElement;
            var expires = DateTimeOffset.FromUnixTimeSeconds(claims.GetProperty("exp").GetInt64());
            var isGood = head.RootElement.GetProperty("alg").GetString() == "HS256" && Text("iss") == "ai-stack-deployer" && Text("aud") == stackUrl.TrimEnd('/')
                && Text("use") == use && Text("jti").Length > 0 && Text("sub").Length > 0 && expires > now - Skew && expires <= now + Lifetime + Skew;
            return isGood ? (Text("jti"), Text("sub"), expires) : null;

            string Text(string name) => claims.GetProperty(name).GetString() ?? "";
        }
        catch (Exception e) when (e is JsonException or FormatException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }

    public static string NewCookie(string person, string password, DateTimeOffset now)
    {
        var text = $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(person))}.{(now + Session).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)}";
        return $"{text}.{Base64Url.EncodeToString(HMACSHA256.HashData(Key(password, "session"), Encoding.UTF8.GetBytes(text)))}";
    }

    public static bool IsCookie(string? cookie, string password, DateTimeOffset now) =>
        cookie?.Split('.') is [var person, var end, var signature] && IsSignedBy(Key(password, "session"), $"{person}.{end}", signature)
        && long.TryParse(end, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && DateTimeOffset.FromUnixTimeSeconds(seconds) > now;

    private static bool IsSignedBy(byte[] key, string text, string signature) => CryptographicOperations.FixedTimeEquals(
        Encoding.UTF8.GetBytes(Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)))), Encoding.UTF8.GetBytes(signature));

    private static byte[] Key(string password, string purpose) => HKDF.DeriveKey(
        HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(password), 32, "ai-stack-deployer/1"u8.ToArray(), Encoding.UTF8.GetBytes(purpose));
}
