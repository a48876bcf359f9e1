using System.Net;

namespace AiStackDeployer.StackGate;

/// <summary>Everything that is set from outside, once read.</summary>
internal sealed record GateOptions
{
    public const string Version = "0.1.0";
    public const int DefaultPort = 8080;

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

    /// <summary>How OpenCode is started: one program with its arguments, as a shell reads them.</summary>
    public string OpenCodeCommand { get; init; } = "";

    public Uri OpenCodeUrl { get; init; } = new("http://127.0.0.1:4096");

    /// <summary>How the terminal is started; null = no terminal.</summary>
    public string? TerminalCommand { get; init; }

    public Uri TerminalUrl { get; init; } = new("http://127.0.0.1:7681");

    public string Workspace { get; init; } = "/workspace";

    /// <summary>How long everything may take from SIGTERM to the end.</summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>How long the programs behind the gate have before they are killed: what is left is for the last events.</summary>
    public TimeSpan ChildGrace => StopGrace - TimeSpan.FromSeconds(2);

    public int Port { get; init; } = DefaultPort;

    /// <summary>Null = at all addresses of this machine.</summary>
    public IPAddress? ListenAt { get; init; }

    /// <summary>The scheme, host and port of <see cref="StackUrl"/>: the audience of tickets, and what a browser sends as <c>Origin</c>.</summary>
    public string? StackOrigin => StackUrl?.GetLeftPart(UriPartial.Authority);

    public string? PortalOrigin => PortalUrl?.GetLeftPart(UriPartial.Authority);
}
