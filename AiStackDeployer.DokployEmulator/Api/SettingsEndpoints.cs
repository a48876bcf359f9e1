namespace AiStackDeployer.DokployEmulator.Api;

internal static class SettingsEndpoints
{
    public static void Map(Router router)
    {
        router.Query("settings.getDokployVersion", new Schema(), call => new Answer(call.World.Options.DokployVersion), 45);
        router.Query("settings.health", new Schema(), _ => new Answer(new { Status = "ok" }), 50);
    }
}
