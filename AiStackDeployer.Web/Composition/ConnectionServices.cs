using AiStackDeployer.Core.Connections;
using AiStackDeployer.Web.Notices;
using AiStackDeployer.Web.Security;
using AiStackDeployer.Web.Settings;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AiStackDeployer.Web.Composition;

internal static class ConnectionServices
{
    /// <summary>Where stacks and Traefik are: with one of these wrong, somebody else's host would be checked.</summary>
    private static readonly string[] WhereStacksAre = ["STACK_DOMAIN_SUFFIX", "STACK_SCHEME", "STACK_PUBLIC_PORT", "TRAEFIK_IP"];

    /// <summary>The checks of what these settings make the portal depend on. Needs Dokploy's client and the persistence.</summary>
    /// <param name="faults">What is wrong with the settings; none in a portal that runs.</param>
    public static IServiceCollection AddPortalConnections(this IServiceCollection services, PortalSettings settings, params IReadOnlyList<string> faults)
    {
        services.TryAddSingleton(new ConnectionOptions());
        services.AddSingleton<ConnectionReports>();
        if (faults.Count > 0)
        {
            services.AddSingleton<IConnectionCheck>(
                new UnconfiguredCheck(ConnectionCause.SettingsWrong, new ConnectionFacts { Missing = faults }, ConnectionTarget.Settings));
        }
        if (CanAskDokploy(settings, faults))
        {
            services.AddDokployCheck();
        }
        else
        {
            services.AddSingleton<IConnectionCheck>(new UnconfiguredCheck(
                settings.Dokploy is null ? ConnectionCause.DokployEmulated : ConnectionCause.DokployNotSet,
                new ConnectionFacts { Missing = [.. DokployKeys(faults)] },
                ConnectionTarget.Dokploy));
        }
        if (CanAskHetzner(settings, faults))
        {
            services.AddHetznerCheck(settings.Stacks);
        }
        else
        {
            services.AddSingleton<IConnectionCheck>(new UnconfiguredCheck(
                HasFault(faults, "HETZNER_") ? ConnectionCause.EarlierFailed : ConnectionCause.HetznerTokenNotSet,
                ConnectionFacts.None,
                ConnectionTarget.HetznerToken));
        }
        if (HasFault(faults, WhereStacksAre))
        {
            services.AddSingleton<IConnectionCheck>(new UnconfiguredCheck(
                ConnectionCause.EarlierFailed, ConnectionFacts.None, ConnectionTarget.WildcardDns, ConnectionTarget.StackCertificate));
        }
        else
        {
            services.AddStackChecks(settings.Stacks, settings.Provisioning.Readiness.ConnectAddress, settings.Provisioning.CertificateType);
        }
        services.AddPortalAddressChecks(settings, faults);
        services.AddSmtpCheck(HasFault(faults, "SMTP_") ? null : settings.Mail, HasFault(faults, "SMTP_"));
        return services.AddPortalDatabaseCheck(settings);
    }

    private static void AddPortalAddressChecks(this IServiceCollection services, PortalSettings settings, IReadOnlyList<string> faults)
    {
        if (HasFault(faults, "PUBLIC_URL", "STACK_DOMAIN_SUFFIX"))
        {
            services.AddSingleton<IConnectionCheck>(new UnconfiguredCheck(
                ConnectionCause.EarlierFailed, ConnectionFacts.None, ConnectionTarget.PortalAddress, ConnectionTarget.PortalSite));
        }
        else if (settings.PublicUrl is not { } publicUrl || Gate.IsThisMachine(publicUrl.IdnHost))
        {
            services.AddSingleton<IConnectionCheck>(new UnconfiguredCheck(
                ConnectionCause.PortalLocal, ConnectionFacts.None, ConnectionTarget.PortalAddress, ConnectionTarget.PortalSite));
        }
        else
        {
            services.AddPortalAddressCheck(publicUrl).AddPortalSiteCheck(publicUrl.IdnHost, settings.Stacks.DomainSuffix);
        }
    }

    /// <summary>Whether there is an address and a key to try at all.</summary>
    public static bool CanAskDokploy(PortalSettings settings, IReadOnlyList<string> faults) =>
        settings.Dokploy is not null && !DokployKeys(faults).Any();

    /// <summary>Whether there is a token to try at all.</summary>
    public static bool CanAskHetzner(PortalSettings settings, IReadOnlyList<string> faults) =>
        settings.Hetzner is not null && !HasFault(faults, "HETZNER_");

    /// <summary>A fault begins with its setting's name.</summary>
    private static bool HasFault(IReadOnlyList<string> faults, params IReadOnlyList<string> settings) =>
        faults.Any(f => settings.Any(s => f.StartsWith(s, StringComparison.Ordinal)));

    private static IEnumerable<string> DokployKeys(IReadOnlyList<string> faults) =>
        faults.Where(f => f.StartsWith("DOKPLOY_", StringComparison.Ordinal)).Select(f => f.Split(' ')[0]).Distinct();
}
