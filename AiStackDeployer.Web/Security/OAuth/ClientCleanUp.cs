using OpenIddict.Abstractions;

namespace AiStackDeployer.Web.Security.OAuth;

/// <summary>Removes what nobody needs any more: tokens that are over, and clients that nobody allows.</summary>
internal sealed partial class ClientCleanUp(IServiceScopeFactory scopes, ClientDocuments documents, TimeProvider time, ILogger<ClientCleanUp> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(6);

    /// <summary>Longer than somebody thinks about allowing a client.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var applications = scope.ServiceProvider.GetRequiredService<IOpenIddictApplicationManager>();
        var authorizations = scope.ServiceProvider.GetRequiredService<IOpenIddictAuthorizationManager>();
        var before = time.GetUtcNow() - Kept;
        await scope.ServiceProvider.GetRequiredService<IOpenIddictTokenManager>().PruneAsync(before, cancellationToken);
        await authorizations.PruneAsync(before, cancellationToken);
        List<object> unused = [];
        await foreach (var application in applications.ListAsync(null, null, cancellationToken))
        {
            var isUsed = await authorizations.FindByApplicationIdAsync((await applications.GetIdAsync(application, cancellationToken))!, cancellationToken).AnyAsync(cancellationToken);
            // A registered client's id begins with its moment; a described one comes back by itself.
            var id = (await applications.GetClientIdAsync(application, cancellationToken))!;
            if (!isUsed && (ClientDocuments.IsAddress(id) || string.CompareOrdinal(id, $"cli_{before.ToUnixTimeMilliseconds()}") < 0))
            {
                unused.Add(application);
                documents.Forget(id);
            }
        }
        foreach (var application in unused)
        {
            await applications.DeleteAsync(application, cancellationToken);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    await RunAsync(stoppingToken);
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    // The database is away, or another portal was quicker.
                    NotCleaned(e.Message);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Clients and tokens that are over could not be removed: {Reason}")]
    private partial void NotCleaned(string reason);
}
