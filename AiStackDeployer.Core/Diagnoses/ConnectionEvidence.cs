using AiStackDeployer.Core.Connections;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Diagnoses;

/// <summary>What all stacks depend on, from the report that everybody shares.</summary>
internal sealed class ConnectionEvidence(ConnectionReports reports) : IEvidenceSource
{
    public EvidenceSource Source => EvidenceSource.Connections;

    public async Task<EvidenceAnswer> AskAsync(Stack stack, CancellationToken cancellationToken)
    {
        var report = await reports.GetAsync(ConnectionReports.UsualAge, cancellationToken);
        return EvidenceAnswer.Of(evidence => evidence with { Connections = report.Results });
    }
}

/// <summary>The certificate at the stack's own address, where a stack should answer.</summary>
internal sealed class CertificateEvidence(HostCertificates certificates) : IEvidenceSource
{
    public EvidenceSource Source => EvidenceSource.Certificate;

    public async Task<EvidenceAnswer> AskAsync(Stack stack, CancellationToken cancellationToken) =>
        stack.State == StackState.Ready && new Uri(stack.Url) is { Scheme: "https" } address && await certificates.LookAsync(address, cancellationToken) is { } cause
            ? EvidenceAnswer.Of(evidence => evidence with { Certificate = cause })
            : EvidenceAnswer.Nothing;
}
