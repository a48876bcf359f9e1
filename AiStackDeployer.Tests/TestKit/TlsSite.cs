using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AiStackDeployer.Tests.TestKit;

/// <summary>Kestrel on 127.0.0.1 with a certificate of the test's and the rest of its chain, as Traefik would show them; null = plain HTTP.</summary>
internal sealed class TlsSite : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TlsSite(WebApplication app) => _app = app;

    /// <summary>As TRAEFIK_IP takes it.</summary>
    public string Address =>
        new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Authority;

    public int Port => IPEndPoint.Parse(Address).Port;

    public static async Task<TlsSite> StartAsync(X509Certificate2? certificate, params X509Certificate2[] chain)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (certificate is not null)
            {
                listen.UseHttps(https => (https.ServerCertificate, https.ServerCertificateChain) = (certificate, [.. chain]));
            }
        }));
        var app = builder.Build();
        app.Run(context => context.Response.WriteAsync("404 page not found"));
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new TlsSite(app);
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}

/// <summary>An authority of the test's own.</summary>
internal sealed class TestAuthority : IDisposable
{
    /// <summary>Made once, because that takes longer than most tests. A root has a key of its own, so that no authority passes for another.</summary>
    private static readonly RSAParameters SiteKey = NewKey();

    private static readonly RSAParameters IntermediateKey = NewKey();

    private readonly RSA _key = RSA.Create(2048);
    private readonly X509Certificate2 _root;

    public TestAuthority() => _root = AuthorityRequest("Root of a test", _key).CreateSelfSigned(Now.AddYears(-20), Now.AddYears(20));

    public X509Certificate2Collection Roots => [_root];

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    /// <summary>A certificate for these names, good from and for so long, counted from now.</summary>
    public X509Certificate2 Issue(TimeSpan from, TimeSpan until, params string[] names)
    {
        using var key = RSA.Create(SiteKey);
        using var signed = Signed(Request(key, names[0], names), _root, _key, from, until);
        using var withKey = signed.CopyWithPrivateKey(key);
        return Loaded(withKey);
    }

    /// <summary>A certificate of a year for these names, and the one between it and the root, good from and for so long.</summary>
    public (X509Certificate2 Leaf, X509Certificate2 Intermediate) IssueBelow(TimeSpan from, TimeSpan until, params string[] names)
    {
        using var authority = RSA.Create(IntermediateKey);
        var intermediate = Signed(AuthorityRequest("Intermediate of a test", authority), _root, _key, from, until);
        using var key = RSA.Create(SiteKey);
        using var signed = Signed(Request(key, names[0], names), intermediate, authority, TimeSpan.FromDays(-30), TimeSpan.FromDays(335));
        using var withKey = signed.CopyWithPrivateKey(key);
        return (Loaded(withKey), intermediate);
    }

    /// <summary>A certificate that vouches for itself.</summary>
    public static X509Certificate2 SelfSigned(string subject, params string[] names)
    {
        using var key = RSA.Create(SiteKey);
        using var signed = Request(key, subject, names).CreateSelfSigned(Now.AddDays(-1), Now.AddYears(1));
        return Loaded(signed);
    }

    public void Dispose()
    {
        _root.Dispose();
        _key.Dispose();
    }

    private static RSAParameters NewKey()
    {
        using var key = RSA.Create(2048);
        return key.ExportParameters(includePrivateParameters: true);
    }

    /// <summary>With any dates, also such as no authority would sign.</summary>
    private static X509Certificate2 Signed(CertificateRequest request, X509Certificate2 issuer, RSA issuerKey, TimeSpan from, TimeSpan until) =>
        request.Create(issuer.SubjectName, X509SignatureGenerator.CreateForRSA(issuerKey, RSASignaturePadding.Pkcs1), Now + from, Now + until, RandomNumberGenerator.GetBytes(8));

    private static CertificateRequest AuthorityRequest(string name, RSA key)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        return request;
    }

    private static CertificateRequest Request(RSA key, string subject, string[] names)
    {
        var request = new CertificateRequest($"CN={subject}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            alternatives.AddDnsName(name);
        }
        request.CertificateExtensions.Add(alternatives.Build());
        return request;
    }

    // A key that was made in memory is not yet one that a server can use.
    private static X509Certificate2 Loaded(X509Certificate2 certificate) =>
        X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
}
