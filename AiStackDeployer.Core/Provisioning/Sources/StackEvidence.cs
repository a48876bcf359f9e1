using AiStackDeployer.Core.Diagnoses;
using AiStackDeployer.Core.Dokploy;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Provisioning.Sources;

/// <summary>One look at the stack's own address, while something should answer there.</summary>
internal sealed class AddressEvidence(StackAddress address, ProvisioningOptions options) : IEvidenceSource
{
    public EvidenceSource Source => EvidenceSource.Address;

    public async Task<EvidenceAnswer> AskAsync(Stack stack, CancellationToken cancellationToken)
    {
        if (stack.State is not (StackState.Ready or StackState.Updating or StackState.Starting or StackState.Creating) || stack.AppName is null)
        {
            return EvidenceAnswer.Nothing;
        }
        var result = await address.ProbeAsync(stack, cancellationToken);
        return EvidenceAnswer.Of(evidence => evidence with
        {
            Address = new AddressFacts(result.Layer, result.Status, options.CertificateType == DokployCertificateType.LetsEncrypt),
        });
    }
}

internal sealed class GateEvidence(IStackGates gates) : IEvidenceSource
{
    public EvidenceSource Source => EvidenceSource.Gate;

    public async Task<EvidenceAnswer> AskAsync(Stack stack, CancellationToken cancellationToken) =>
        stack.State == StackState.Ready && await gates.AskAsync(stack, cancellationToken) is { } told
            ? EvidenceAnswer.Of(evidence => evidence with { Gate = told })
            : EvidenceAnswer.Nothing;
}

internal sealed class ServerEvidence(IStackServers servers) : IEvidenceSource
{
    public EvidenceSource Source => EvidenceSource.Servers;

    public async Task<EvidenceAnswer> AskAsync(Stack stack, CancellationToken cancellationToken)
    {
        var report = await servers.ReadAsync(cancellationToken);
        return EvidenceAnswer.Of(evidence => evidence with { Servers = report });
    }
}
