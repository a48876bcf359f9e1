using System.Security.Cryptography;

namespace AiStackDeployer.Core;

/// <summary>Makes ids and secrets. Time and randomness come in, so that a test can fix both.</summary>
public sealed class Ids(TimeProvider time, Action<Span<byte>>? fill = null)
{
    // No vowels and no look-alikes: an id read over the telephone survives, and spells no word.
    private const string IdAlphabet = "23456789bcdfghjkmnpqrstvwxz";
    private const string SecretAlphabet = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";

    private readonly Action<Span<byte>> _fill = fill ?? RandomNumberGenerator.Fill;

    /// <summary><c>dep_{unix ms}_{8 characters}</c>: sorts by time, cannot be guessed from another one.</summary>
    public string NewDeploymentId() => NewId("dep");

    public string NewStackId() => NewId("stk");

    public string NewOwnerId() => $"usr_{Take(20, IdAlphabet)}";

    public string NewSessionId() => NewId("ses");

    public string NewTokenId() => NewId("tok");

    /// <summary>Of an assistant's program that registers itself.</summary>
    public string NewClientId() => NewId("cli");

    /// <summary>Of a ticket that opens a stack once.</summary>
    public string NewTicketId() => $"tic_{Take(20, IdAlphabet)}";

    public string NewAuditId() => NewId("aud");

    /// <summary>One form's or one request's id.</summary>
    public string NewRequestId() => $"req_{Take(20, IdAlphabet)}";

    /// <summary>What a session's cookie holds, or the secret part of a token: 43 letters and digits, about 250 bits.</summary>
    public string NewSecret() => Take(43, SecretAlphabet);

    /// <summary>A label below a domain that is nobody's: a question for it is answered by a wildcard or not at all.</summary>
    public string NewUnusedLabel() => $"wildcard-check-{Take(16, IdAlphabet)}";

    /// <summary>32 lower-case hex digits, the shape of a W3C trace id.</summary>
    public string NewTraceId()
    {
        Span<byte> bytes = stackalloc byte[16];
        _fill(bytes);
        return Convert.ToHexStringLower(bytes);
    }

    /// <summary>24 letters and digits, about 140 bits; no character that an environment file or a URL must quote.</summary>
    public string NewPassword() => Take(24, SecretAlphabet);

    private string NewId(string prefix) => $"{prefix}_{time.GetUtcNow().ToUnixTimeMilliseconds()}_{Take(8, IdAlphabet)}";

    private string Take(int length, string alphabet)
    {
        Span<byte> bytes = stackalloc byte[1];
        Span<char> chars = stackalloc char[length];
        // Bytes past the last whole multiple are thrown away: a plain remainder would favour the first letters.
        var limit = 256 - (256 % alphabet.Length);
        for (var i = 0; i < length;)
        {
            _fill(bytes);
            if (bytes[0] < limit)
            {
                chars[i++] = alphabet[bytes[0] % alphabet.Length];
            }
        }
        return new string(chars);
    }
}
