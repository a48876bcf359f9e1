using System.Net;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using AiStackDeployer.Core.Dokploy;
using AiStackDeployer.Core.Http;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Connections.Checks;

/// <summary>
/// The certificate a browser would get for a new stack: connects to an unused host below the suffix, at every address its name
/// resolves to. With TRAEFIK_IP it also connects there, as the readiness probe does; both must show the same certificate, or
/// browsers reach somebody else.
/// </summary>
/// <param name="traefikAddress">TRAEFIK_IP: <c>host</c> or <c>host:port</c>, or null.</param>
/// <param name="timeout">The longest it may take in all.</param>
internal sealed class StackCertificateCheck(
    StackDefaults stacks, string? traefikAddress, DokployCertificateType certificateType, Ids ids, TimeSpan timeout, TimeProvider time)
    : IConnectionCheck
{
    private const int HttpsPort = 443;

    /// <summary>Of one name; a browser tries no more either.</summary>
    private const int MaxAddresses = 8;

    /// <summary>Roots to trust instead of the machine's own; for tests, which have no publicly trusted certificate.</summary>
    internal X509Certificate2Collection? TrustedRoots { get; init; }

    /// <summary>The addresses of a host name; fails as <see cref="Dns"/> does.</summary>
    internal Func<string, CancellationToken, Task<IPAddress[]>> Resolve { get; init; } = Dns.GetHostAddressesAsync;

    public IReadOnlyList<ConnectionTarget> Targets { get; } = [ConnectionTarget.StackCertificate];

    private string Wildcard => "*." + stacks.DomainSuffix;

    public async IAsyncEnumerable<ConnectionResult> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (stacks.Scheme == Uri.UriSchemeHttp)
        {
            yield return Of(ConnectionCause.CertificateNotNeeded, new ConnectionFacts { Host = Wildcard });
            yield break;
        }
        var started = time.GetTimestamp();
        using var deadline = new Deadline(timeout, time, cancellationToken);
        var result = await LookAsync(stacks.HostOf(ids.NewUnusedLabel()), deadline);
        yield return result with { Latency = time.GetElapsedTime(started) };
    }

    private async Task<ConnectionResult> LookAsync(string host, Deadline deadline)
    {
        var facts = new ConnectionFacts { Host = host };
        var asked = new DnsEndPoint(host, stacks.PublicPort ?? HttpsPort);
        var traefik = traefikAddress is { } address ? ConnectAddress.Instead(address, asked) : null;
        var namedTraefik = traefik is DnsEndPoint name ? HostLookup.OfAsync(name.Host, Resolve, time, deadline.Token) : null;
        var outside = await HostLookup.OfWholeAsync(host, Resolve, time, deadline.Token);
        var inside = namedTraefik is null ? null : await namedTraefik;
        if (traefik is DnsEndPoint { Host: var traefikHost } && inside is { Addresses: [] })
        {
            return Of(
                inside.IsAnswered ? ConnectionCause.TraefikAddressUnresolved : ConnectionCause.WildcardResolverFailed,
                new ConnectionFacts { Host = traefikHost });
        }

        List<IPEndPoint> atTraefik = traefik switch
        {
            IPEndPoint ip => EndsOf([ip.Address], ip.Port),
            DnsEndPoint { Port: var port } => EndsOf(inside!.Addresses, port),
            _ => [],
        };
        var atName = EndsOf(outside.Addresses, asked.Port);
        var visits = await Task.WhenAll(
            atTraefik.Concat(atName).Distinct().Select(end => TlsVisit.MakeAsync(end, host, TrustedRoots, time, deadline)));
        try
        {
            List<TlsVisit> At(List<IPEndPoint> ends) => [.. visits.Where(v => ends.Contains(v.At))];
            return atTraefik.Count == 0
                ? JudgeAlone(At(atName), outside, facts)
                : JudgeBoth(At(atTraefik), At(atName), outside, facts with { ExpectedAddresses = [traefikAddress!] });
        }
        finally
        {
            foreach (var visit in visits)
            {
                visit.Shown?.Leaf.Dispose();
            }
        }
    }

    private static List<IPEndPoint> EndsOf(IReadOnlyList<IPAddress> addresses, int port) =>
        [.. addresses.Select(a => a.IsIPv4MappedToIPv6 ? a.MapToIPv4() : a).Distinct().Take(MaxAddresses).Select(a => new IPEndPoint(a, port))];

    private ConnectionResult JudgeAlone(List<TlsVisit> visits, HostLookup lookup, ConnectionFacts facts)
    {
        if (visits.Count == 0)
        {
            return Of(lookup.IsAnswered ? ConnectionCause.WildcardUnresolved : ConnectionCause.WildcardResolverFailed, facts with { Host = Wildcard });
        }
        return Plain(visits, facts) ?? Nothing(visits, facts) ?? Worst(visits, facts) switch
        {
            { Verdict: ConnectionVerdict.Good } good => Unseen(visits, facts) ?? good,
            var wrong => wrong,
        };
    }

    /// <summary>TRAEFIK_IP, which the readiness probe uses, must be good in any case; the public addresses are compared with it as far as they are reachable from here.</summary>
    private ConnectionResult JudgeBoth(List<TlsVisit> atTraefik, List<TlsVisit> atName, HostLookup lookup, ConnectionFacts facts)
    {
        if ((Plain(atTraefik, facts) ?? Nothing(atTraefik, facts)) is { } fault)
        {
            return fault;
        }
        var traefik = atTraefik.First(v => v.Shown is not null);
        var others = atName.Where(v => v.Shown is { } shown && !shown.IsSameAs(traefik.Shown!)).ToList();
        if (others.Count > 0)
        {
            return Of(ConnectionCause.CertificateDiffersOutside, facts with { Addresses = AddressesOf(others) });
        }
        return Plain(atName, facts) ?? Worst([traefik, .. atName], facts) switch
        {
            { Verdict: not ConnectionVerdict.Good } wrong => wrong,
            _ when !lookup.IsAnswered => Of(ConnectionCause.WildcardResolverFailed, facts with { Host = Wildcard }),
            _ when atName.Count == 0 => Of(ConnectionCause.StackHostUnseen, facts),
            var good => Unseen(atName, facts) ?? good,
        };
    }

    /// <summary>Null when a certificate was shown at one of them.</summary>
    private static ConnectionResult? Nothing(List<TlsVisit> visits, ConnectionFacts facts) =>
        visits.Any(v => v.Shown is not null) ? null : Of(ConnectionCause.StackHostUnreachable, facts with { Addresses = AddressesOf(visits) });

    /// <summary>Null when all of them speak TLS.</summary>
    private static ConnectionResult? Plain(List<TlsVisit> visits, ConnectionFacts facts)
    {
        var plain = visits.Where(v => v.End == TlsVisitEnd.WithoutTls).ToList();
        return plain.Count == 0 ? null : Of(ConnectionCause.StackHostWithoutTls, facts with { Addresses = AddressesOf(plain) });
    }

    /// <summary>Null when all were seen. An address without a route only counts when no other was seen either.</summary>
    private static ConnectionResult? Unseen(List<TlsVisit> visits, ConnectionFacts facts)
    {
        var isSeen = visits.Any(v => v.Shown is not null);
        var unseen = visits.Where(v => v.Shown is null && (!isSeen || v.End != TlsVisitEnd.NoRoute)).ToList();
        return unseen.Count == 0 ? null : Of(ConnectionCause.StackHostUnseen, facts with { Addresses = AddressesOf(unseen) });
    }

    private ConnectionResult Worst(List<TlsVisit> visits, ConnectionFacts facts) => visits
        .Where(v => v.Shown is not null)
        .Select(v => Judge(v, facts with { Addresses = AddressesOf(visits.Where(other => other.Shown?.IsSameAs(v.Shown!) == true)) }))
        .MaxBy(result => result.Verdict switch { ConnectionVerdict.Bad => 2, ConnectionVerdict.Doubtful => 1, _ => 0 })!;

    private ConnectionResult Judge(TlsVisit visit, ConnectionFacts facts)
    {
        var leaf = visit.Shown!.Leaf;
        var cause = CertificateJudge.Judge(visit.Shown, time.GetUtcNow());
        return Of(
            cause == ConnectionCause.CertificateTraefikDefault && certificateType == DokployCertificateType.LetsEncrypt
                ? ConnectionCause.CertificatePerStack
                : cause,
            facts with
            {
                Expires = leaf.NotAfter.ToUniversalTime(),
                Issuer = Readable(leaf.GetNameInfo(X509NameType.SimpleName, forIssuer: true)),
                Names = [.. leaf.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(e => e.EnumerateDnsNames()).Take(10).Select(Readable)],
            });
    }

    /// <summary>The other side chose these names: no control or right-to-left characters, and not too many.</summary>
    private static string Readable(string name) =>
        new([.. name.Where(c => c == ' ' || char.IsLetterOrDigit(c) || char.IsPunctuation(c) || char.IsSymbol(c)).Take(64)]);

    private static List<string> AddressesOf(IEnumerable<TlsVisit> visits) =>
        [.. visits.Select(v => v.At.Address.ToString()).Distinct().Order(StringComparer.Ordinal)];

    private static ConnectionResult Of(ConnectionCause cause, ConnectionFacts facts) => new(ConnectionTarget.StackCertificate, cause) { Facts = facts };
}
