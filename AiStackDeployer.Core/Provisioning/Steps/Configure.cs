using AiStackDeployer.Contract;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Dokploy;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Provisioning.Steps;

/// <summary>Image, environment and limits in one call; the same call again changes nothing.</summary>
internal sealed class Configure(DokployClient dokploy, ProvisioningOptions options, ISecretProtector secrets) : IDeploymentStep
{
    public DeploymentStep Step => DeploymentStep.Configure;

    public async Task<StepEnd> ExecuteAsync(DeploymentRun run, CancellationToken cancellationToken)
    {
        await run.IntendToCreateAsync(cancellationToken);
        await dokploy.UpdateApplicationAsync(run.Stack.ApplicationId!, SettingsOf(run.Deployment, options, secrets), CancellationToken.None);
        var image = run.Deployment.Image;
        return StepEnd.DoneWith((deployment, now) => deployment.Note(run.Number, LogCode.Configured, image, now));
    }

    /// <summary>What the operation gives the stack, or what it had before while that is put back.</summary>
    internal static ApplicationSettings SettingsOf(Deployment deployment, ProvisioningOptions options, ISecretProtector secrets) => new()
    {
        Image = deployment.Image,
        RegistryUrl = options.Registry?.Url,
        RegistryUsername = options.Registry?.UserName,
        RegistryPassword = options.Registry?.Password,
        Env = DotEnv.Format(EnvironmentOf(deployment, options, secrets)),
        MemoryLimit = options.MemoryLimit,
        MemoryReservation = options.MemoryReservation,
        CpuLimit = options.CpuLimit,
    };

    /// <summary>The owner's own variables win over the operator's, and the portal's over both.</summary>
    internal static Dictionary<string, string> EnvironmentOf(Deployment deployment, ProvisioningOptions options, ISecretProtector secrets)
    {
        var password = secrets.Unprotect(deployment.ProtectedPassword);
        var environment = new Dictionary<string, string>(options.Environment);
        foreach (var (name, value) in OwnEnvironment.Read(deployment.ProtectedEnvironment, secrets))
        {
            environment[name] = value;
        }
        // Without a password an OpenCode server is an open shell.
        environment[StackEnvironment.Password] = password;
        environment[StackEnvironment.UserName] = deployment.Stack.UserName;
        environment[StackEnvironment.StackName] = deployment.Name;
        environment[StackEnvironment.StackUrl] = deployment.Stack.Url;
        if (options.PortalUrl is { } portal)
        {
            environment[StackEnvironment.PortalUrl] = portal.ToString().TrimEnd('/');
        }
        if (options.LogIngestUrl is { } ingest)
        {
            environment[StackEnvironment.LogIngestUrl] = ingest.ToString();
            // The gate derives it by itself; this is for images without one.
            environment[StackEnvironment.LogIngestToken] = StackKeys.IngestToken(password);
        }
        return environment;
    }
}
