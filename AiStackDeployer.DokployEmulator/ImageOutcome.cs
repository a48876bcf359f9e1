namespace AiStackDeployer.DokployEmulator;

/// <summary>What becomes of an image when it is deployed. Everything else (the application, its domain) behaves alike.</summary>
public enum ImageOutcome
{
    /// <summary>Pulled, started, boots, then answers like OpenCode behind Basic auth.</summary>
    Runs,

    /// <summary>The registry does not know the tag; the job ends in error.</summary>
    MissingImage,

    /// <summary>The registry refuses an anonymous pull; the job ends in error.</summary>
    PullDenied,

    /// <summary>The registry refuses the credentials of the application; without credentials the same as <see cref="PullDenied"/>.</summary>
    LoginFailed,

    /// <summary>The job is done, the container exits with 3 again and again.</summary>
    CrashLoop,

    /// <summary>The job is done, the task stays Pending: no node has the resources.</summary>
    Unschedulable,

    /// <summary>The job is done, the container is killed with 137 again and again.</summary>
    OutOfMemory,

    /// <summary>Like <see cref="Runs"/> after a pull of <see cref="EmulatorOptions.SlowPullTime"/>.</summary>
    SlowPull,

    /// <summary>The container runs and answers 503 for ever.</summary>
    NeverHealthy,

    /// <summary>The container runs some other program: HTML on every path, no password asked.</summary>
    WrongProgram,

    /// <summary>The container runs OpenCode with another password: always 401.</summary>
    WrongPassword,

    /// <summary>OpenCode without a web terminal: its own page answers the terminal's paths too.</summary>
    NoTerminal,

    /// <summary>An image from before there was a gate: OpenCode itself stands at the address and asks for the password.</summary>
    NoGate,

    /// <summary>OpenCode runs, and its gate tells of fewer sessions than any other image's: a migration that has lost some.</summary>
    LosesSessions,

    /// <summary>A first deployment runs; an update over it fails and swarm rolls back to the version before.</summary>
    RolledBackUpdate,
}
