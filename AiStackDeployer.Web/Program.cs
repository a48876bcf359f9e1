using AiStackDeployer.Web.Api;
using AiStackDeployer.Web.Components;
using AiStackDeployer.Web.Composition;
using AiStackDeployer.Web.Mcp;
using AiStackDeployer.Web.Security;
using AiStackDeployer.Web.Security.OAuth;
using AiStackDeployer.Web.Security.SignIn;
using AiStackDeployer.Web.Security.Tokens;
using AiStackDeployer.Web.Settings;

DataFolderPreparation.KeepNewFilesPrivate();
if (Commands.Find(args) is { } command)
{
    return await command();
}
try
{
    var builder = PortalConfiguration.CreateBuilder(args);
    builder.Configuration.AddPortalFiles();

    var settings = PortalSettings.Read(builder.Configuration, builder.Environment);
    using var alone = DataFolderPreparation.Prepare(settings);
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
    builder.Services.AddPortalKeyRing(settings);
    builder.Services.AddPortalSecurity(settings);
    builder.Services.AddPortalLimits(settings.LimitFactor, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
    builder.Services.AddPortalCore(settings);
    builder.Services.AddPortalApi(settings);
    builder.Services.AddPortalMcp();
    builder.Services.AddPortalPages();

    var app = builder.Build();
    app.LogWarnings(settings);
    app.MapPageAssets();
    // On another core: it takes as long as all that is joined below.
    var dataIsReady = Task.Run(() => app.Services.PrepareDataAsync(CancellationToken.None));
    app.UseMetricsPort(settings.Telemetry);
    app.UseForwardedHeaders();
    app.UsePageHeaders();
    app.UsePrefix(settings.PathBase);
    app.UseHead();
    app.UsePortalErrors();
    app.UseRequestLocalization();
    app.UseStackHosts();
    app.UseGate();
    app.UseRouting();
    app.UseCors();
    app.UseCookiePolicy();
    // Authentication itself takes in the provider's answers, so they get no further.
    app.UseWhen(SignInEndpoints.IsCallback, answers => answers.UseRateLimiter());
    app.UseAuthentication();
    app.UsePortalLimits();
    app.UseSignIn(settings.SignIn);
    app.UseAuthorization();
    app.UseAntiforgery();
    app.MapSignIn(settings.SignIn);
    app.MapAccount();
    app.MapOpen();
    app.MapOAuth();
    app.MapStacksCsv();
    app.MapPortalApi();
    app.MapPortalMcp();
    app.MapPortalPages();
    app.BuildRoutes();
    await dataIsReady;
    await app.RunAsync();
    return 0;
}
catch (Exception e) when (StartFailure.Of(e) is not null)
{
    var (exitCode, sentence) = StartFailure.Of(e)!;
    await Console.Error.WriteLineAsync(sentence);
    return exitCode;
}
