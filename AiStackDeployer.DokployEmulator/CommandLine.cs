using System.Globalization;
using System.Net;

namespace AiStackDeployer.DokployEmulator;

/// <summary>The options of the program.</summary>
internal static class CommandLine
{
    public const string Usage = """
        dotnet run --project AiStackDeployer.DokployEmulator -- [options]
          --host <address>       address to listen at; 0.0.0.0 = everywhere, e.g. in a container (127.0.0.1)
          --api-port <port>      port of the API, 0 = any (3100)
          --stacks-port <port>   port in front of the stacks, 0 = any (3101)
          --api-key <text>       the owner's key (emulator-owner-key)
          --state-file <path>    keep the world in this file (memory only)
          --pace <factor>        1 = recorded timings, 0 = immediately (1)
          --boot-time <seconds>  how long a stack boots (5)
          --node-memory <bytes>  memory of the swarm node (8589934592)
          --latency              answer each call after its recorded time
        """;

    /// <exception cref="FormatException">An option is not known or its value not understood.</exception>
    public static EmulatorOptions Parse(IReadOnlyList<string> args)
    {
        var options = new EmulatorOptions { ApiPort = 3100, StacksPort = 3101 };
        for (var i = 0; i < args.Count; i++)
        {
            var name = args[i];
            if (name == "--latency")
            {
                options = options with { RecordedLatency = true };
                continue;
            }

            var value = ++i < args.Count ? args[i] : throw new FormatException($"{name} wants a value");
            options = name switch
            {
                "--host" => options with { Host = IPAddress.TryParse(value, out var host) ? host : throw new FormatException($"{name} wants an IP address") },
                "--api-port" => options with { ApiPort = (int)Number(name, value, 65535) },
                "--stacks-port" => options with { StacksPort = (int)Number(name, value, 65535) },
                "--api-key" => options with { ApiKey = value },
                "--state-file" => options with { StateFile = value },
                "--pace" => options with { Pace = Number(name, value, 1000) },
                "--boot-time" => options with { StackBootTime = TimeSpan.FromSeconds(Number(name, value, 86_400)) },
                "--node-memory" => options with { NodeMemoryBytes = (long)Number(name, value, long.MaxValue) },
                _ => throw new FormatException($"{name} is not an option"),
            };
        }

        return options;
    }

    private static double Number(string name, string value, double max) =>
        double.TryParse(value, CultureInfo.InvariantCulture, out var number) && number >= 0 && number <= max
            ? number
            : throw new FormatException($"{name} wants a number from 0 to {max.ToString(CultureInfo.InvariantCulture)}");
}
