namespace AiStackDeployer.StackGate;

/// <summary>Everything that is set from outside, once read.</summary>
internal sealed record GateOptions
{
    public const string Version = "0.1.0";

    /// <summary>The stack's sign-in: what a person or the portal sends.</summary>
    public required string Password { get; init; }

    public string User { get; init; } = "opencode";

    public string StackName { get; init; } = "stack";

    /// <summary>The stack's address; null = not told, then there is no way in with a ticket.</summary>
    public Uri? StackUrl { get; init; }

    /// <summary>Where the pages send people; null = not told.</summary>
    public Uri? PortalUrl { get; init; }

    /// <summary>Null = events are not sent.</summary>
    public Uri? IngestUrl { get; init; }

    /// <summary>Events may carry what people and models wrote.</summary>
    public bool EventsContent { get; init; }

    /// <summary>How OpenCode is started; null = another program runs it.</summary>
    public string? OpenCodeCommand { get; init; }

    public Uri OpenCodeUrl { get; init; } = new("http://127.0.0.1:4096");

    /// <summary>How the terminal is started; null = another program runs it.</summary>
    public string? TerminalCommand { get; init; }

    /// <summary>Null = no terminal.</summary>
    public Uri? TerminalUrl { get; init; }

    public string Workspace { get; init; } = "/workspace";

    /// <summary>How long everything may take from SIGTERM to the end.</summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(8);

    public int Port { get; init; } = 8080;

    /// <summary>Whether other machines may connect; tests do not want it.</summary>
    public bool Public { get; init; } = true;
}
