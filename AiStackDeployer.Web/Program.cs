using AiStackDeployer.Core.Persistence;
using AiStackDeployer.Web.Api;
using AiStackDeployer.Web.Components;
using AiStackDeployer.Web.Composition;
using AiStackDeployer.Web.Mcp;
using AiStackDeployer.Web.Security;
using AiStackDeployer.Web.Settings;

if (Commands.Find(args) is { } command)
{
    return await command();
}
try
{
    // The content root is where the program lies: the one settings file is copied there, from whichever folder it is started.
    var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
    builder.Configuration.AddPortalFiles();

    var settings = PortalSettings.Read(builder.Configuration, builder.Environment);
    DataFolderPreparation.Prepare(settings);
    // One portal to one SQLite database, until this process ends.
    using var alone = DataFolderLock.Take(settings.Data);
    builder.AddPortalLogging(settings);
    builder.Services.AddPortalTelemetry(settings);
    builder.Services.AddSingleton(TimeProvider.System);
    if (settings.Dokploy is null)
    {
        (var emulator, settings) = await EmulatorInProcess.StartAsync(settings, TimeProvider.System);
        builder.Services.AddHostedService(_ => new EmulatorInProcess(emulator));
    }
    builder.WebHost.ListenAsConfigured(settings);
    // Built and not published, the pages' files lie where they were made; the framework looks there only in Development.
    builder.WebHost.UseStaticWebAssets();
    builder.Services.AddReverseProxy(settings);
    builder.Services.AddPortalSecurity(settings);
    builder.Services.AddPortalCore(settings);
    builder.Services.AddPortalApi(settings);
    builder.Services.AddPortalMcp();
    builder.Services.AddPortalPages();

    var app = builder.Build();
    app.MapPageAssets();
    await app.Services.MigrateAsync(CancellationToken.None);
    app.Services.EnsureSecretsCanBeKept();
    app.UseMetricsPort(settings.Telemetry);
    app.UseForwardedHeaders();
    app.UsePortalErrors();
    app.UseRequestLocalization();
    app.UseGate();
    app.UseRouting();
    app.UseCors();
    app.UseCookiePolicy();
    app.UseAuthentication();
    app.UseMiddleware<PersonCookie>(settings);
    app.UseAuthorization();
    app.UseAntiforgery();
    app.MapPortalApi();
    app.MapPortalMcp();
    app.MapPortalPages();
    await app.RunAsync();
    return 0;
}
catch (Exception e) when (StartFailure.Of(e) is not null)
{
    var (exitCode, sentence) = StartFailure.Of(e)!;
    await Console.Error.WriteLineAsync(sentence);
    return exitCode;
}
