using System.Globalization;
using AiStackDeployer.Core.Connections;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Diagnoses;

/// <content>The way to the stack: name, certificate, proxy, program.</content>
public static partial class Signatures
{
    private static readonly TimeSpan MostSkew = TimeSpan.FromMinutes(1);

    /// <summary>A certificate of a stack's own comes within a minute or two, or it does not come by itself.</summary>
    private static readonly TimeSpan CertificateTime = TimeSpan.FromMinutes(10);

    private static IReadOnlyList<Signature> Addresses =>
    [
        new("wildcard-missing", CureBy.Operator, e => Ends(e, AddressLayer.Dns, FailureCode.AddressDns)
            ? Check(e, ConnectionCause.WildcardUnresolved, ConnectionCause.WildcardRecordAbsent, ConnectionCause.HetznerZoneMissing) : null) { Command = "dig +short {host}" },
        new("wildcard-elsewhere", CureBy.Operator, e => e.Address is { Layer: not null } ? Check(e, ConnectionCause.WildcardPointsElsewhere) : null) { Command = "dig +short {host}" },
        new("name-unresolved", CureBy.Operator, e => Ends(e, AddressLayer.Dns, FailureCode.AddressDns) ? Layer(e, FailureCode.AddressDns) : null) { Command = "dig +short {host}" },
        new("clock-wrong", CureBy.Operator, e => e.Certificate == ConnectionCause.CertificateNotYetValid ? Shown(ConnectionCause.CertificateNotYetValid)
            : e.Gate is { } gate && (gate.Now - gate.ToldAt).Duration() is var skew && skew > MostSkew
                ? Fact(EvidenceSource.Gate, string.Create(CultureInfo.InvariantCulture, $"{(gate.Now - gate.ToldAt).TotalSeconds:0} s")) : null)
        {
            MattersWhenWell = true, Command = "timedatectl status",
        },
        Certificate("certificate-expired", ConnectionCause.CertificateExpired),
        new("certificate-limit", CureBy.Operator, e => e.Find(Anywhere, ["urn:ietf:params:acme:error:rateLimited", "too many certificates"]) is { } line ? new Sign(line)
            : IsWithoutOwnCertificate(e) && e.At - e.Row.Stack.CreatedAt > CertificateTime ? Shown(e.Certificate!.Value) : null)
        {
            Command = "docker logs dokploy-traefik 2>&1 | grep -i acme",
        },
        new("certificate-not-yet", CureBy.Owner, e => IsWithoutOwnCertificate(e) && e.At - e.Row.Stack.CreatedAt <= CertificateTime ? Shown(e.Certificate!.Value) : null),
        Certificate("certificate-default", ConnectionCause.CertificateTraefikDefault),
        Certificate("certificate-wrong-name", ConnectionCause.CertificateWrongName),
        Certificate("certificate-untrusted", ConnectionCause.CertificateUntrusted),
        new("proxy-away", CureBy.Operator, e => Ends(e, AddressLayer.Tcp, FailureCode.AddressUnreachable) ? Layer(e, FailureCode.AddressUnreachable) : null)
        {
            Command = "docker ps --all --filter name=dokploy-traefik",
        },
        new("route-not-loaded", CureBy.Operator, e => e.Address is { Layer: AddressLayer.Http, Status: 404 } && e.Application is not { HasRoute: false } ? Layer(e, FailureCode.AddressHttp) : null)
        {
            Acts = Repair, Command = "docker logs --tail 50 dokploy-traefik",
        },
    ];

    /// <summary>Below what says why no container runs: a proxy in front of none says the same for each reason.</summary>
    private static IReadOnlyList<Signature> Layers =>
    [
        new("port-silent", CureBy.Owner, e => e.Address is { Layer: AddressLayer.Http, Status: 502 or 503 or 504 or null } && e.Tasks?.Any(t => t.IsRunning) == true ? Layer(e, FailureCode.AddressHttp)
            : Failed(e, FailureCode.AddressPortSilent)) { Acts = RestartIt, Command = "docker service logs --tail 50 {service}" },
        new("container-away", CureBy.Owner, e => e.Address is { Layer: AddressLayer.Http, Status: 502 or 503 or 504 } && e.Tasks?.Any(t => t.IsRunning) != true ? Layer(e, FailureCode.AddressHttp) : null)
        {
            Acts = RestartIt, Command = Tasks,
        },
        new("password-refused", CureBy.Owner, e => Ends(e, AddressLayer.Password, FailureCode.AddressPasswordRefused) ? Layer(e, FailureCode.AddressPasswordRefused) : null)
        {
            Acts = [OperationCatalog.RotatePassword, .. Repair],
        },
        new("wrong-program", CureBy.Administrator, e => Ends(e, AddressLayer.WrongProgram, FailureCode.AddressWrongProgram) ? Layer(e, FailureCode.AddressWrongProgram) : null) { Acts = Repair },
        new("http-error", CureBy.Owner, e => e.Address is { Layer: AddressLayer.Http, Status: { } status and not (404 or 502 or 503 or 504) }
            ? Fact(EvidenceSource.Address, $"HTTP {status}", status.ToString(CultureInfo.InvariantCulture)) : null) { Acts = RestartIt },
    ];

    private static Signature Certificate(string code, ConnectionCause cause) => new(
        code, CureBy.Operator, e => e.Certificate == cause && !IsWithoutOwnCertificate(e) ? Shown(cause) : Ends(e, AddressLayer.Tls, FailureCode.AddressTls) ? Check(e, cause) : null)
    {
        Command = "openssl s_client -connect {host}:443 -servername {host} </dev/null | openssl x509 -noout -subject -issuer -dates",
    };

    private static bool IsWithoutOwnCertificate(Evidence evidence) => evidence is { Address.HasOwnCertificate: true, Certificate: ConnectionCause.CertificateTraefikDefault };

    private static Sign Shown(ConnectionCause cause) => Fact(EvidenceSource.Certificate, cause.ToWire());

    /// <summary>The address was looked at and ends here, or, where nothing stands any more, the failure ended here.</summary>
    private static bool Ends(Evidence evidence, AddressLayer layer, FailureCode failure) =>
        evidence.Address is { } address ? address.Layer == layer : evidence.Failure == failure;

    private static Sign Layer(Evidence evidence, FailureCode failure) => evidence.Address is { Layer: { } layer } address
        ? Fact(EvidenceSource.Address, $"{evidence.Row.Stack.Url}: {layer.ToString().ToLowerInvariant()}{(address.Status is { } status ? string.Create(CultureInfo.InvariantCulture, $" {status}") : "")}")
        : Noted(evidence, failure);
}
