namespace AiStackDeployer.Web.Api;

/// <summary>The caller's own name for a call that begins something: the same again begins nothing new.</summary>
internal static class IdempotencyKey
{
    public const string Header = "Idempotency-Key";

    private const int Longest = 200;

    /// <summary>Empty when there is none.</summary>
    public static string Of(HttpContext context) => context.Request.Headers[Header].ToString();

    /// <summary>There is none, or one that can be told from others. A header that is there and empty is a script's mistake.</summary>
    public static bool IsValid(HttpContext context) =>
        context.Request.Headers[Header] is [] || Of(context) is { Length: > 0 and <= Longest } key && !key.Any(c => c is < ' ' or > '~');
}
