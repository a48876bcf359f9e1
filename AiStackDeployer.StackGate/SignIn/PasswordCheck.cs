using System.Security.Cryptography;
using System.Text;

namespace AiStackDeployer.StackGate.SignIn;

internal enum PasswordResult
{
    Absent,
    Right,
    Wrong,
    TooMany,
}

/// <summary>HTTP Basic, in the header or, as OpenCode takes it too, in the query. Whoever guesses has to wait.</summary>
internal sealed class PasswordCheck(GateOptions options, TimeProvider time)
{
    public const int MostGuesses = 20;
    private const int MostCallers = 1_000;

    private readonly byte[] _right = Hash(Encoding.UTF8.GetBytes($"{options.User}:{options.Password}"));
    private readonly Dictionary<string, (DateTimeOffset Since, int Wrong)> _guesses = [];

    public static TimeSpan Window { get; } = TimeSpan.FromMinutes(1);

    public PasswordResult Check(HttpRequest request)
    {
        if (Credentials(request) is not { } credentials)
        {
            return PasswordResult.Absent;
        }
        var caller = Caller(request);
        lock (_guesses)
        {
            var now = time.GetUtcNow();
            var known = _guesses.TryGetValue(caller, out var guesses) && now - guesses.Since < Window;
            if (known && guesses.Wrong >= MostGuesses)
            {
                return PasswordResult.TooMany;
            }
            if (IsRight(credentials))
            {
                return PasswordResult.Right;
            }
            MakeRoom(now);
            _guesses[caller] = known ? (guesses.Since, guesses.Wrong + 1) : (now, 1);
            return PasswordResult.Wrong;
        }
    }

    private static byte[] Hash(byte[] text) => SHA256.HashData(text);

    private static string? Credentials(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase) ? header[6..].Trim()
            // A plus sign that nobody escaped reads as a space.
            : request.Query[AuthToken.Name].ToString() is { Length: > 0 } token ? token.Replace(' ', '+')
            : null;
    }

    /// <summary>The connection and what the proxy in front saw, so that a neighbour that sends a header of its own locks nobody else out.</summary>
    private static string Caller(HttpRequest request)
    {
        var forwarded = request.Headers["X-Forwarded-For"].ToString().Split(',')[^1].Trim();
        return $"{request.HttpContext.Connection.RemoteIpAddress} {(forwarded.Length > 64 ? "" : forwarded)}";
    }

    private bool IsRight(string credentials)
    {
        var decoded = new byte[credentials.Length];
        return Convert.TryFromBase64String(credentials, decoded, out var length)
            && CryptographicOperations.FixedTimeEquals(Hash(decoded[..length]), _right);
    }

    private void MakeRoom(DateTimeOffset now)
    {
        if (_guesses.Count < MostCallers)
        {
            return;
        }
        foreach (var (caller, guesses) in _guesses)
        {
            if (now - guesses.Since >= Window)
            {
                _guesses.Remove(caller);
            }
        }
        if (_guesses.Count >= MostCallers)
        {
            _guesses.Clear();
        }
    }
}
