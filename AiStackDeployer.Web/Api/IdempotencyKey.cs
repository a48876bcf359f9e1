namespace AiStackDeployer.Web.Api;

/// <summary>The caller's own name for a call that begins something: the same again begins nothing new.</summary>
internal static class IdempotencyKey
{
    public const string Header = "Idempotency-Key";

    private const int Longest = 200;

    /// <summary>Empty when there is none.</summary>
    public static string Of(HttpContext context) => context.Request.Headers[Header].ToString();

    public static bool IsValid(string key) => key.Length <= Longest && !key.Any(c => c is < ' ' or > '~');
}
