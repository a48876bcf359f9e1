using System.Globalization;

namespace AiStackDeployer.Core.Dokploy;

internal sealed partial class DokployClient
{
    private const string DockerSource = "docker";
    private const string ApplicationService = "application";

    /// <summary>Longest asked-for appName: Dokploy adds seven characters, and a swarm service's name ends at 63.</summary>
    public const int MaxAppNameLength = 56;

    /// <summary>Creates an application, even when one of that name exists. The real appName is in the result.</summary>
    public Task<DokployApplication> CreateApplicationAsync(
        string name, string appName, string? description, string environmentId, CancellationToken cancellationToken)
    {
        if (appName.Length is 0 or > MaxAppNameLength)
        {
            throw new ArgumentException($"An appName has 1-{MaxAppNameLength} characters.", nameof(appName));
        }
        return _transport.PostAsync(
            "application.create",
            new CreateApplicationBody(name, appName, description, environmentId, DockerSource),
            Json.CreateApplicationBody, Json.DokployApplication, cancellationToken);
    }

    /// <summary>Status, deployments, domains and mounts in one call, or null when there is no such application.</summary>
    public Task<DokployApplication?> GetApplicationAsync(string applicationId, CancellationToken cancellationToken) =>
        OrNullAsync(_orMissing.GetAsync("application.one", Json.DokployApplication, cancellationToken, ("applicationId", applicationId)));

    /// <summary>Sets image, environment, limits and replicas at once. Takes effect with the next deploy; safe to repeat.</summary>
    public Task UpdateApplicationAsync(string applicationId, ApplicationSettings settings, CancellationToken cancellationToken)
    {
        var body = new UpdateApplicationBody
        {
            ApplicationId = applicationId,
            SourceType = DockerSource,
            DockerImage = settings.Image,
            Username = settings.RegistryUsername,
            Password = settings.RegistryPassword,
            RegistryUrl = settings.RegistryUrl,
            Env = settings.Env,
            MemoryLimit = settings.MemoryLimit?.ToString(CultureInfo.InvariantCulture),
            MemoryReservation = settings.MemoryReservation?.ToString(CultureInfo.InvariantCulture),
            CpuLimit = NanoCores(settings.CpuLimit),
            CpuReservation = NanoCores(settings.CpuReservation),
            Replicas = settings.Replicas,
        };
        return OfApplicationAsync(applicationId, UpdateAsync(), cancellationToken);

        async Task<bool> UpdateAsync()
        {
            await _transport.PostAsync("application.update", body, Json.UpdateApplicationBody, cancellationToken);
            return true;
        }
    }

    /// <summary>
    /// Queues a deploy. Dokploy answers nothing: find the run by <paramref name="title"/> in
    /// <see cref="DokployApplication.Deployments"/>, and until its turn comes in <see cref="GetQueueAsync"/>.
    /// </summary>
    public Task DeployApplicationAsync(string applicationId, string title, string description, CancellationToken cancellationToken) =>
        _transport.PostAsync("application.deploy", new DeployBody(applicationId, title, description), Json.DeployBody, cancellationToken);

    /// <summary>
    /// Scales the service to nothing, and answers when the swarm has done so (5 s recorded). Harmless to repeat; false when there is no such application.
    /// </summary>
    public Task<bool> StopApplicationAsync(string applicationId, CancellationToken cancellationToken) =>
        RemovedAsync(_orMissing.PostAsync("application.stop", new ApplicationIdBody(applicationId), Json.ApplicationIdBody, cancellationToken));

    /// <summary>
    /// Scales the service to one container, and answers when that runs: after 6 s recorded, never when it cannot run. Harmless to repeat. Answers
    /// with an error when the service does not exist.
    /// </summary>
    public Task StartApplicationAsync(string applicationId, CancellationToken cancellationToken) =>
        _transport.PostAsync("application.start", new ApplicationIdBody(applicationId), Json.ApplicationIdBody, cancellationToken);

    /// <summary>
    /// Removes the application, its service and its routes, not its named volumes; false when it was gone already.
    /// Never while a deploy of it runs: the job goes on and makes the service after the row is gone.
    /// </summary>
    public Task<bool> DeleteApplicationAsync(string applicationId, CancellationToken cancellationToken) =>
        RemovedAsync(_orMissing.PostAsync("application.delete", new ApplicationIdBody(applicationId), Json.ApplicationIdBody, cancellationToken));

    /// <summary>
    /// Routes a host to the application, at once and without a deploy. Nothing stops a second domain of the same host.
    /// </summary>
    public Task<DokployDomain> CreateDomainAsync(string applicationId, DomainSettings settings, CancellationToken cancellationToken) =>
        OfApplicationAsync(
            applicationId,
            _transport.PostAsync(
                "domain.create",
                // Without applicationId the domain belongs to nothing, without domainType access is not checked.
                new CreateDomainBody(
                    settings.Host, applicationId, ApplicationService, settings.Port, settings.Path, settings.Https, Wire(settings.CertificateType)),
                Json.CreateDomainBody, Json.DokployDomain, cancellationToken),
            cancellationToken);

    /// <summary>The application's domains; empty also when there is no such application.</summary>
    public async Task<IReadOnlyList<DokployDomain>> ListDomainsAsync(string applicationId, CancellationToken cancellationToken) =>
        await _transport.GetAsync("domain.byApplicationId", Json.ListDokployDomain, cancellationToken, ("applicationId", applicationId));

    public Task<DokployDomain> UpdateDomainAsync(string domainId, DomainSettings settings, CancellationToken cancellationToken) =>
        _transport.PostAsync(
            "domain.update",
            new UpdateDomainBody(domainId, settings.Host, settings.Port, settings.Path, settings.Https, Wire(settings.CertificateType)),
            Json.UpdateDomainBody, Json.DokployDomain, cancellationToken);

    /// <summary>False when it was gone already.</summary>
    public Task<bool> DeleteDomainAsync(string domainId, CancellationToken cancellationToken) =>
        RemovedAsync(_orMissing.PostAsync("domain.delete", new DomainIdBody(domainId), Json.DomainIdBody, cancellationToken));

    /// <summary>The application's mounts; empty also when there is no such application.</summary>
    public async Task<IReadOnlyList<DokployMount>> ListMountsAsync(string applicationId, CancellationToken cancellationToken) =>
        await _transport.GetAsync(
            "mounts.listByServiceId", Json.ListDokployMount, cancellationToken,
            ("serviceType", ApplicationService), ("serviceId", applicationId));

    /// <summary>Attaches a named volume; takes effect with the next deploy. Nothing stops a second one at the same path.</summary>
    public Task<DokployMount> CreateVolumeMountAsync(
        string applicationId, string volumeName, string mountPath, CancellationToken cancellationToken) =>
        OfApplicationAsync(
            applicationId,
            _transport.PostAsync(
                "mounts.create",
                // Without serviceType the mount is attached to nothing.
                new CreateMountBody("volume", volumeName, mountPath, ApplicationService, applicationId),
                Json.CreateMountBody, Json.DokployMount, cancellationToken),
            cancellationToken);

    /// <summary>False when it was gone already. The volume and what is in it stay.</summary>
    public Task<bool> RemoveMountAsync(string mountId, CancellationToken cancellationToken) =>
        RemovedAsync(_orMissing.PostAsync("mounts.remove", new MountIdBody(mountId), Json.MountIdBody, cancellationToken));

    /// <summary>
    /// These calls answer 400 for an unknown application as for other refusals; looking for it tells which it was.
    /// </summary>
    private async Task<T> OfApplicationAsync<T>(string applicationId, Task<T> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call;
        }
        catch (DokployException e) when (e.Kind == DokployFault.Rejected)
        {
            if (await GetApplicationAsync(applicationId, cancellationToken) is null)
            {
                throw new DokployException(DokployFault.NotFound, e.Call, e) { HttpStatus = e.HttpStatus };
            }
            throw;
        }
    }

    private static string? NanoCores(decimal? cores) =>
        cores is { } value ? decimal.ToInt64(value * 1_000_000_000m).ToString(CultureInfo.InvariantCulture) : null;

    private static string Wire(DokployCertificateType type) => type switch
    {
        DokployCertificateType.None => "none",
        DokployCertificateType.LetsEncrypt => "letsencrypt",
        DokployCertificateType.Custom => "custom",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Not a certificate type one can ask for."),
    };
}
