using System.Globalization;
using AiStackDeployer.Web.Components.Admin;
using AiStackDeployer.Web.Components.Deploy;
using AiStackDeployer.Web.Components.Parts;
using AiStackDeployer.Web.Components.Stacks;
using AiStackDeployer.Web.Presentation;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.AspNetCore.Localization;
using Microsoft.Extensions.DependencyInjection.Extensions;
using MudBlazor;
using MudBlazor.Services;

namespace AiStackDeployer.Web.Components;

/// <summary>The pages of the portal, as the program joins them.</summary>
public static class PortalPages
{
    public static IServiceCollection AddPortalPages(this IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddMudServices(options =>
        {
            // The menu in the top bar may begin before the provider, which stands in <main> so that menus are in a landmark; it then
            // takes over what began before it. The check would log an error for that.
            options.PopoverOptions.CheckForPopoverProvider = false;
            options.SnackbarConfiguration.PositionClass = Defaults.Classes.Position.BottomCenter;
            options.SnackbarConfiguration.HideIcon = true;
            options.SnackbarConfiguration.VisibleStateDuration = 4_000;
            options.SnackbarConfiguration.ShowTransitionDuration = options.SnackbarConfiguration.HideTransitionDuration = 100;
        });
        services.AddScoped<MudLocalizer, MudWords>();
        services.AddCascadingAuthenticationState();
        services.AddPortalTexts();
        services.AddSingleton<FormText>();
        services.AddSingleton<ViewText>();
        services.AddScoped<DeploySession>();
        services.AddScoped<DeploymentActions>();
        services.AddScoped<StackActions>().AddScoped<OperationPress>();
        services.AddScoped<PortalParts>().AddScoped<BatchActs>();
        services.AddScoped<IBrowserTab, BrowserTab>();
        services.AddScoped<CircuitPresence>();
        services.AddScoped<CircuitHandler>(provider => provider.GetRequiredService<CircuitPresence>());
        services.AddScoped<CircuitHandler, CircuitCount>();
        services.AddSingleton<OpenPages>().AddScoped<CircuitHandler, OpenPage>();
        return services;
    }

    /// <summary>Sentences in the reader's language, for whoever answers people: pages, REST, MCP.</summary>
    public static IServiceCollection AddPortalTexts(this IServiceCollection services)
    {
        services.AddLocalization();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<DeploymentText>();
        services.AddSingleton<DurationText>();
        services.AddSingleton<DiagnosisText>();
        services.AddSingleton<SignText>();
        services.AddSingleton<HealthText>();
        services.AddSingleton<ActivityText>();
        services.AddSingleton<ConnectionText>();
        services.AddSingleton<CareText>();
        services.AddSingleton<RolloutText>();
        services.AddSingleton<AuditText>();
        services.AddSingleton<LogText>();
        services.AddSingleton<BuildText>();
        services.AddSingleton<AdminText>();
        services.AddSingleton<NoticeText>();
        services.Configure<RequestLocalizationOptions>(options =>
        {
            var cultures = Preferences.Languages.Select(CultureInfo.GetCultureInfo).ToList();
            options.DefaultRequestCulture = new RequestCulture(cultures[0]);
            options.SupportedCultures = cultures;
            options.SupportedUICultures = cultures;
            // A cookie, else the browser's own wish; a query string would leak into links that people send each other.
            options.RequestCultureProviders = [new CookieRequestCultureProvider(), new AcceptLanguageHeaderRequestCultureProvider()];
        });
        return services;
    }

    /// <summary>Needs <c>UseRequestLocalization</c>, authentication, authorization and <c>UseAntiforgery</c> before it.</summary>
    public static WebApplication MapPortalPages(this WebApplication app)
    {
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(
            // Among the headers of every answer is a stricter one (PageHeaders).
            circuits => circuits.ContentSecurityFrameAncestorsPolicy = null);
        return app;
    }
}
