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

/// <summary>Kestrel on 127.0.0.1 with a certificate of the test's, as Traefik would show one; null = plain HTTP.</summary>
internal sealed class TlsSite : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TlsSite(WebApplication app) => _app = app;

    /// <summary>As TRAEFIK_IP takes it.</summary>
    public string Address =>
        new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Authority;

    public static async Task<TlsSite> StartAsync(X509Certificate2? certificate)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (certificate is not null)
            {
                listen.UseHttps(certificate);
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
    private readonly RSA _key = RSA.Create(2048);
    private readonly X509Certificate2 _root;

    public TestAuthority()
    {
        var request = new CertificateRequest("CN=Root of a test", _key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        _root = request.CreateSelfSigned(Now.AddYears(-20), Now.AddYears(20));
    }

    public X509Certificate2Collection Roots => [_root];

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    /// <summary>A certificate for these names, good from and for so long, counted from now.</summary>
    public X509Certificate2 Issue(TimeSpan from, TimeSpan until, params string[] names)
    {
        using var key = RSA.Create(2048);
        using var signed = Request(key, names[0], names).Create(_root, Now + from, Now + until, [1, 2, 3, 4]);
        using var withKey = signed.CopyWithPrivateKey(key);
        return Loaded(withKey);
    }

    /// <summary>A certificate that vouches for itself.</summary>
    public static X509Certificate2 SelfSigned(string subject, params string[] names)
    {
        using var key = RSA.Create(2048);
        using var signed = Request(key, subject, names).CreateSelfSigned(Now.AddDays(-1), Now.AddYears(1));
        return Loaded(signed);
    }

    public void Dispose()
    {
        _root.Dispose();
        _key.Dispose();
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
