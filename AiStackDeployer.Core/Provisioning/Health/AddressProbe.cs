using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Provisioning.Health;

/// <summary>The probe that also decides whether a new stack is ready.</summary>
internal sealed class AddressProbe(ReadinessProbe probe, ISecretProtector secrets) : IAddressProbe
{
    public async Task<HealthFinding> LookAsync(Stack stack, CancellationToken cancellationToken)
    {
        var credentials = new StackCredentials(stack.UserName, secrets.Unprotect(stack.ProtectedPassword));
        var result = await probe.ProbeAsync(stack.Url, credentials, stack.HealthPath, cancellationToken);
        return new HealthFinding(LayerOf(result.Layer)) { Version = result.Version, Path = result.Path };
    }

    private static AddressLayer? LayerOf(ProbeLayer layer) => layer switch
    {
        ProbeLayer.Answers => null,
        ProbeLayer.Dns => AddressLayer.Dns,
        ProbeLayer.Tcp => AddressLayer.Tcp,
        ProbeLayer.Tls => AddressLayer.Tls,
        ProbeLayer.Http => AddressLayer.Http,
        ProbeLayer.WrongProgram => AddressLayer.WrongProgram,
        ProbeLayer.Password => AddressLayer.Password,
        _ => throw new ArgumentOutOfRangeException(nameof(layer), layer, null),
    };
}
