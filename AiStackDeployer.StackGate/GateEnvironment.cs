using System.Globalization;

namespace AiStackDeployer.StackGate;

/// <summary>Reads the settings from the container's environment, and says in a sentence each what is wrong with them.</summary>
internal sealed class GateEnvironment(Func<string, string?> variable)
{
    private readonly List<string> _faults = [];

    public IReadOnlyList<string> Faults => _faults;

    /// <summary>The settings; null when there are <see cref="Faults"/>.</summary>
    public GateOptions? Read()
    {
        var openCode = Loopback("GATE_OPENCODE_URL", "http://127.0.0.1:4096");
        var terminal = Loopback("GATE_TERMINAL_URL", "http://127.0.0.1:7681");
        var workspace = Text("GATE_WORKSPACE") ?? "/workspace";
        var terminalCommand = Text("GATE_TERMINAL") ?? DefaultTerminal(terminal, workspace);
        var options = new GateOptions
        {
            Password = Required("OPENCODE_SERVER_PASSWORD", "the stack's password: the gate opens to nobody without one"),
            User = Text("OPENCODE_SERVER_USERNAME") ?? "opencode",
            StackName = Text("STACK_NAME") ?? "stack",
            StackUrl = Address("STACK_URL"),
            PortalUrl = Address("PORTAL_URL"),
            IngestUrl = Address("LOG_INGEST_URL"),
            EventsContent = Text("GATE_EVENTS_CONTENT") == "true",
            OpenCodeUrl = openCode,
            OpenCodeCommand = Text("GATE_OPENCODE") ?? $"opencode serve --hostname {openCode.Host} --port {Invariant(openCode.Port)}",
            TerminalUrl = terminal,
            TerminalCommand = terminalCommand == "none" ? null : terminalCommand,
            Workspace = workspace,
            StopGrace = TimeSpan.FromSeconds(Number("GATE_STOP_GRACE", 8, 3, 600)),
            Port = Number("PORT", GateOptions.DefaultPort, 1, 65_535),
        };
        if (options.User.Contains(':'))
        {
            _faults.Add("OPENCODE_SERVER_USERNAME must not contain a colon: HTTP Basic has none in a user name.");
        }
        return _faults.Count == 0 ? options : null;
    }

    private static string DefaultTerminal(Uri address, string workspace) =>
        $"ttyd -i {address.Host} -p {Invariant(address.Port)} -b /terminal -W -O -H X-Auth-User -m 5 -P 30 -w '{workspace}'"
        + " -t fontSize=14 -t disableLeaveAlert=true bash -l";

    private static string Invariant(int number) => number.ToString(CultureInfo.InvariantCulture);

    private string? Text(string name) => variable(name) is { Length: > 0 } text ? text : null;

    private string Required(string name, string what)
    {
        if (Text(name) is { } text)
        {
            return text;
        }
        _faults.Add($"{name} is not set. It is {what}.");
        return "";
    }

    private Uri? Address(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }
        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
        {
            return address;
        }
        _faults.Add($"{name} must be an address that begins with http:// or https://.");
        return null;
    }

    /// <summary>On loopback alone: these programs trust whoever reaches them.</summary>
    private Uri Loopback(string name, string @default)
    {
        if (Address(name) is { IsLoopback: true, Scheme: "http" } address)
        {
            return address;
        }
        if (Text(name) is not null)
        {
            _faults.Add($"{name} must be an http:// address of this machine itself, such as {@default}.");
        }
        return new Uri(@default);
    }

    private int Number(string name, int @default, int least, int most)
    {
        if (Text(name) is not { } text)
        {
            return @default;
        }
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
        {
            return number;
        }
        _faults.Add($"{name} must be a whole number from {Invariant(least)} to {Invariant(most)}.");
        return @default;
    }
}
