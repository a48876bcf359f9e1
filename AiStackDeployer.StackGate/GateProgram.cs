namespace AiStackDeployer.StackGate;

/// <summary>The gate of one stack: the only listener of its container, in front of OpenCode and the web terminal.</summary>
internal static class GateProgram
{
    public static async Task Main(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        await using var app = builder.Build();
        app.MapGet("/healthz", () => "alive");
        await app.RunAsync();
    }
}
