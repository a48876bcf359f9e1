using AiStackDeployer.StackGate;

namespace AiStackDeployer.Tests.Gate;

public sealed class EnvironmentTests
{
    [Fact]
    public void The_password_alone_is_enough()
    {
        var options = Read(("OPENCODE_SERVER_PASSWORD", "secret")).Read()!;
        Assert.Equal("opencode serve --hostname 127.0.0.1 --port 4096", options.OpenCodeCommand);
        Assert.Equal(
            "ttyd -i 127.0.0.1 -p 7681 -b /terminal -W -O -H X-Auth-User -m 5 -P 30 -w '/workspace' -t fontSize=14 -t disableLeaveAlert=true bash -l",
            options.TerminalCommand);
        Assert.Equal((8080, "opencode", null, null), (options.Port, options.User, options.StackUrl, options.IngestUrl));
    }

    [Theory]
    [InlineData("OPENCODE_SERVER_PASSWORD", "", "OPENCODE_SERVER_PASSWORD is not set. It is the stack's password: the gate opens to nobody without one.")]
    [InlineData("OPENCODE_SERVER_USERNAME", "a:b", "OPENCODE_SERVER_USERNAME must not contain a colon: HTTP Basic has none in a user name.")]
    [InlineData("STACK_URL", "piet-lab", "STACK_URL must be an address that begins with http:// or https://.")]
    [InlineData("GATE_OPENCODE_URL", "http://10.0.0.1:4096", "GATE_OPENCODE_URL must be an http:// address of this machine itself, such as http://127.0.0.1:4096.")]
    [InlineData("GATE_STOP_GRACE", "1", "GATE_STOP_GRACE must be a whole number from 3 to 600.")]
    [InlineData("PORT", "x", "PORT must be a whole number from 1 to 65535.")]
    public void A_wrong_setting_is_named_in_a_sentence(string name, string value, string fault)
    {
        var environment = Read(("OPENCODE_SERVER_PASSWORD", "secret"), (name, value));
        Assert.Null(environment.Read());
        Assert.Equal(fault, Assert.Single(environment.Faults));
    }

    [Fact]
    public void What_is_set_is_taken()
    {
        var options = Read(
            ("OPENCODE_SERVER_PASSWORD", "secret"), ("STACK_URL", "https://piet-lab.example.test/"), ("GATE_TERMINAL", "none"),
            ("GATE_OPENCODE_URL", "http://127.0.0.1:5000"), ("GATE_STOP_GRACE", "20"), ("GATE_EVENTS_CONTENT", "true")).Read()!;
        Assert.Equal("https://piet-lab.example.test", options.StackOrigin);
        Assert.Equal("opencode serve --hostname 127.0.0.1 --port 5000", options.OpenCodeCommand);
        Assert.Equal((null, TimeSpan.FromSeconds(18), true), (options.TerminalCommand, options.ChildGrace, options.EventsContent));
    }

    private static GateEnvironment Read(params (string Name, string Value)[] settings) =>
        new(name => settings.LastOrDefault(setting => setting.Name == name).Value);
}
