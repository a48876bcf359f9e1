using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using AiStackDeployer.Core.Provisioning;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Tests.Provisioning;

/// <summary>Each layer between a browser and a stack is told apart.</summary>
public sealed class ReadinessProbeTests
{
    private static readonly StackCredentials Credentials = new("opencode", "secret-password");

    [Theory]
    [InlineData("200 OK", "application/json", """{"healthy":true,"version":"1.18.33"}""", null)]
    [InlineData("200 OK", "application/json; charset=utf-8", """{"healthy":true}""", null)]
    [InlineData("200 OK", "application/json", """{"healthy":false}""", AddressLayer.WrongProgram)]
    [InlineData("200 OK", "application/json", """{"healthy":"true"}""", AddressLayer.WrongProgram)]
    [InlineData("200 OK", "application/json", "[]", AddressLayer.WrongProgram)]
    [InlineData("200 OK", "application/json", "{", AddressLayer.WrongProgram)]
    [InlineData("200 OK", "text/html", "<html>", AddressLayer.WrongProgram)]
    [InlineData("401 Unauthorized", "text/plain", "", AddressLayer.Password)]
    [InlineData("403 Forbidden", "text/plain", "", AddressLayer.Password)]
    [InlineData("404 Not Found", "text/plain", "404 page not found", AddressLayer.Http)]
    [InlineData("502 Bad Gateway", "text/plain", "Bad Gateway", AddressLayer.Http)]
    [InlineData("302 Found", "text/plain", "", AddressLayer.Http)]
    public async Task What_the_address_answers_is_judged_as_a_browser_would_meet_it(string status, string type, string body, AddressLayer? layer)
    {
        using var server = Answering($"HTTP/1.1 {status}\r\nContent-Type: {type}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}");

        Assert.Equal(layer, (await ProbeAsync($"http://jan.ai.localhost:{server.Port}", server.Address)).Layer);
    }

    [Fact]
    public async Task The_probe_sends_the_stacks_own_host_and_password_to_the_connect_address()
    {
        using var server = Answering("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 16\r\n\r\n{\"healthy\":true}");

        await ProbeAsync("http://jan.ai.example.org:1234", server.Address);

        Assert.StartsWith("GET /global/health HTTP/1.1", server.Request, StringComparison.Ordinal);
        Assert.Contains("Host: jan.ai.example.org:1234", server.Request, StringComparison.Ordinal);
        Assert.Contains(
            "Authorization: Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("opencode:secret-password")),
            server.Request,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_does_not_resolve_is_dns() =>
        Assert.Equal(AddressLayer.Dns, (await ProbeAsync("http://no-such-stack.invalid", null)).Layer);

    [Fact]
    public async Task A_port_nobody_listens_on_is_tcp()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();

        Assert.Equal(AddressLayer.Tcp, (await ProbeAsync($"http://jan.ai.localhost:{port}", $"127.0.0.1:{port}")).Layer);
    }

    [Fact]
    public async Task A_connection_that_is_accepted_and_cut_is_http()
    {
        using var server = Answering("");

        Assert.Equal(AddressLayer.Http, (await ProbeAsync($"http://jan.ai.localhost:{server.Port}", server.Address)).Layer);
    }

    [Fact]
    public async Task A_certificate_of_nobody_is_tls()
    {
        using var server = new TlsServer();

        Assert.Equal(AddressLayer.Tls, (await ProbeAsync("https://jan.ai.example.org", server.Address)).Layer);
    }

    [Fact]
    public async Task Without_an_expected_member_any_success_will_do()
    {
        using var server = Answering("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nok");
        using var probe = new ReadinessProbe(
            new ReadinessOptions { ConnectAddress = server.Address, ExpectedTrueMember = null }, TimeProvider.System);

        var result = await probe.ProbeAsync("http://jan.ai.localhost", Credentials, null, TestContext.Current.CancellationToken);

        Assert.Null(result.Layer);
    }

    private static async Task<ProbeResult> ProbeAsync(string url, string? connect)
    {
        using var probe = new ReadinessProbe(new ReadinessOptions { ConnectAddress = connect, Path = "/global/health", ProbeTimeout = TimeSpan.FromMinutes(1) }, TimeProvider.System);
        return await probe.ProbeAsync(url, Credentials, null, TestContext.Current.CancellationToken);
    }

    private static RawServer Answering(string response) => new(response);

    /// <summary>Reads a request, writes fixed bytes, closes. Each time: .NET's client sends a request anew whose connection was cut.</summary>
    private sealed class RawServer : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

        public RawServer(string response)
        {
            _listener.Start();
            _ = ServeAsync(response);
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public string Address => $"127.0.0.1:{Port}";

        public string Request { get; private set; } = "";

        public void Dispose() => _listener.Dispose();

        private async Task ServeAsync(string response)
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync();
                var stream = client.GetStream();
                var buffer = new byte[4096];
                Request = Encoding.ASCII.GetString(buffer, 0, await stream.ReadAsync(buffer));
                await stream.WriteAsync(Encoding.UTF8.GetBytes(response));
            }
        }
    }

    /// <summary>Shows a certificate that nobody trusts, for another name.</summary>
    private sealed class TlsServer : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly X509Certificate2 _certificate;

        public TlsServer()
        {
            using var key = RSA.Create(2048);
            var request = new CertificateRequest("CN=default", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            using var signed = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
            _certificate = X509CertificateLoader.LoadPkcs12(signed.Export(X509ContentType.Pkcs12), null);
            _listener.Start();
            _ = ServeAsync();
        }

        public string Address => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

        public void Dispose()
        {
            _listener.Dispose();
            _certificate.Dispose();
        }

        private async Task ServeAsync()
        {
            using var client = await _listener.AcceptTcpClientAsync();
            await using var tls = new SslStream(client.GetStream());
            try
            {
                await tls.AuthenticateAsServerAsync(_certificate);
            }
            catch (Exception e) when (e is IOException or System.Security.Authentication.AuthenticationException)
            {
                // The probe hangs up on it: that is the point.
            }
        }
    }
}
