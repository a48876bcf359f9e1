namespace AiStackDeployer.Web.Composition;

/// <summary>
/// Routes are compiled when they are first asked for, by authorization and by routing, each for itself: most of the time between the
/// start and the first answer. Here they are compiled once for both, while the database is prepared on another core.
/// </summary>
internal static class BuiltRoutes
{
    /// <summary>After everything was mapped; what is mapped later is added to these.</summary>
    public static void BuildRoutes(this IEndpointRouteBuilder app)
    {
        var built = new DefaultEndpointDataSource([.. app.DataSources.SelectMany(source => source.Endpoints)]);
        app.DataSources.Clear();
        app.DataSources.Add(built);
    }
}
