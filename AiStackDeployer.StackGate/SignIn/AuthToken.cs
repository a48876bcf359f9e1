namespace AiStackDeployer.StackGate.SignIn;

/// <summary>OpenCode's way to say the password where a browser can send no header: for the gate alone, never for what stands behind it.</summary>
internal static class AuthToken
{
    public const string Name = "auth_token";

    public static QueryString Without(QueryString query)
    {
        if (query.Value is not { } text || !text.Contains(Name, StringComparison.OrdinalIgnoreCase) && !text.Contains('%'))
        {
            return query;
        }
        var kept = text.TrimStart('?').Split('&').Where(pair => !Uri.UnescapeDataString(pair.Split('=')[0]).Equals(Name, StringComparison.OrdinalIgnoreCase));
        var rest = string.Join('&', kept);
        return rest.Length == 0 ? QueryString.Empty : new QueryString("?" + rest);
    }
}
