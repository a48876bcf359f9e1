namespace AiStackDeployer.Core.Stacks;

/// <summary>What every new stack is made of; read from the settings once at start.</summary>
public sealed record StackDefaults
{
    /// <summary>Stacks live at <c>{name}.{suffix}</c>.</summary>
    public required string DomainSuffix { get; init; }

    /// <summary>The container image, with a tag or digest.</summary>
    public required string Image { get; init; }

    /// <summary>The port the container listens on.</summary>
    public required int Port { get; init; }

    /// <summary><c>https</c>, or <c>http</c> for the emulator.</summary>
    public string Scheme { get; init; } = "https";

    /// <summary>The port in a stack's public address; null = the scheme's own.</summary>
    public int? PublicPort { get; init; }

    /// <summary>OpenCode's default user name.</summary>
    public string UserName { get; init; } = "opencode";

    /// <summary>The web terminal's path; null = the image has none.</summary>
    public string? TerminalPath { get; init; } = "/terminal/";

    /// <summary>How long a deletion that can be taken back waits before it removes anything.</summary>
    public TimeSpan UndoWindow { get; init; } = TimeSpan.FromHours(24);

    /// <summary>The host of one stack, e.g. <c>jan.ai.example.org</c>.</summary>
    public string HostOf(string name) => $"{name}.{DomainSuffix}";

    /// <summary>The address of one stack, without a trailing slash.</summary>
    public string UrlOf(string name) =>
        PublicPort is { } port ? $"{Scheme}://{HostOf(name)}:{port}" : $"{Scheme}://{HostOf(name)}";
}
