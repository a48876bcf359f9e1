namespace AiStackDeployer.Core.Diagnoses;

/// <summary>The texts by which Docker, Dokploy and registries are understood: by the deployments that they fail and by the diagnosis alike.</summary>
internal static class Signs
{
    public static IReadOnlyList<string> PullDenied { get; } =
        ["no basic auth credentials", "pull access denied", "unauthorized:", "authentication required", "denied: ", "insufficient_scope"];

    public static IReadOnlyList<string> LoginFailed { get; } = ["Login failed", "login attempt to", "incorrect username or password"];

    public static IReadOnlyList<string> ImageNotFound { get; } = ["manifest unknown", "manifest for", "No such image", "name unknown", "repository name not known"];

    public static IReadOnlyList<string> OtherArchitecture { get; } = ["no matching manifest for", "does not match the specified platform", "unsupported platform"];

    public static IReadOnlyList<string> RegistryAway { get; } =
        ["failed to resolve reference", "TLS handshake timeout", "no such host", "i/o timeout", "connection refused", "Client.Timeout exceeded", "network is unreachable"];

    public static IReadOnlyList<string> NoRoom { get; } = ["insufficient resources"];

    public static IReadOnlyList<string> NoNode { get; } = ["no suitable node"];

    /// <summary>Docker's own word, or 128 + SIGKILL, which is how a container ends that the kernel killed.</summary>
    public static bool IsOutOfMemory(string reason) =>
        reason.Contains("OOM", StringComparison.Ordinal) || reason.Contains("out of memory", StringComparison.OrdinalIgnoreCase)
        || reason.Contains("(137)", StringComparison.Ordinal);

    public static bool Has(string? text, IReadOnlyList<string> signs) => signs.Any(sign => text?.Contains(sign, StringComparison.OrdinalIgnoreCase) == true);
}
