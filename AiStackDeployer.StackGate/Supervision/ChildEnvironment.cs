using System.Collections;
using System.Text;
using AiStackDeployer.Contract;

namespace AiStackDeployer.StackGate.Supervision;

/// <summary>
/// What the programs behind the gate may know. The agent's shell inherits it, and with it whoever talks the agent into printing it: so
/// neither the stack's password nor what is derived from it, and OpenCode's own password in its place.
/// </summary>
internal sealed class ChildEnvironment
{
    private const string UserName = "OPENCODE_SERVER_USERNAME";
    private const string Password = "OPENCODE_SERVER_PASSWORD";

    public ChildEnvironment(GateOptions options, OpenCodeEndpoint openCode)
    {
        var token = StackKeys.IngestToken(options.Password);
        foreach (DictionaryEntry entry in Environment.GetEnvironmentVariables())
        {
            var (name, value) = ((string)entry.Key, (string?)entry.Value ?? "");
            var isOurs = name is "LOG_INGEST_TOKEN" or "PORT" || name.StartsWith("GATE_", StringComparison.Ordinal);
            if (!isOurs && !value.Contains(options.Password, StringComparison.Ordinal) && !value.Contains(token, StringComparison.Ordinal))
            {
                Variables[name] = value;
            }
        }
        // Also for the terminal: `opencode attach` works there without asking.
        Variables[UserName] = openCode.User;
        Variables[Password] = openCode.Password;
        Secrets = [options.Password, token, Basic(options.User, options.Password), openCode.Password, Basic(openCode.User, openCode.Password)];
    }

    public Dictionary<string, string> Variables { get; } = [];

    /// <summary>What no line of the container's log may show.</summary>
    public IReadOnlyList<string> Secrets { get; }

    private static string Basic(string user, string password) => Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"));
}
