namespace AiStackDeployer.StackGate.Activity;

/// <summary>What the gate tells the portal of its stack: the part of the program that watches and reports.</summary>
internal static class ActivityModule
{
    public static void AddActivity(this IServiceCollection services) => services.AddSingleton<ActivityNotes>();

    /// <param name="portal">The group <c>/.stack</c> behind the portal's own ticket: whoever gets here is the portal.</param>
    public static void MapActivity(this IEndpointRouteBuilder portal) =>
        portal.MapGet("/activity", context => context.Response.WriteAsync("{}"));
}
