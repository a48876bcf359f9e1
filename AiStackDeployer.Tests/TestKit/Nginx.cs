using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace AiStackDeployer.Tests.TestKit;

/// <summary>Debian's nginx in front of a portal, with the lines of our guide.</summary>
internal sealed class Nginx : IAsyncDisposable
{
    private const string Program = "/usr/sbin/nginx";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("portal-nginx-");
    private readonly int _port = FreePort.Next();
    private Process? _process;

    public static bool IsThere => File.Exists(Program);

    /// <summary>By name, as a browser calls it; with a trailing slash.</summary>
    public Uri Root => new($"http://localhost:{_port.ToString(CultureInfo.InvariantCulture)}/");

    /// <param name="location">What stands inside <c>server</c>.</param>
    public static async Task<Nginx> StartAsync(string location, CancellationToken cancellationToken)
    {
        var nginx = new Nginx();
        var temporary = string.Concat(new[] { "client_body", "proxy", "fastcgi", "uwsgi", "scgi" }.Select(kind => $"{kind}_temp_path {nginx._folder.FullName}/{kind}; "));
        var file = Path.Combine(nginx._folder.FullName, "nginx.conf");
        await File.WriteAllTextAsync(
            file,
            $$"""
            daemon off; master_process off; pid {{nginx._folder.FullName}}/pid; error_log {{nginx._folder.FullName}}/error.log; events {}
            http {
              access_log off; {{temporary}}
              map $http_upgrade $connection_upgrade { default upgrade; '' close; }
              server { listen 127.0.0.1:{{nginx._port.ToString(CultureInfo.InvariantCulture)}}; {{location}} }
            }
            """,
            cancellationToken);
        nginx._process = Process.Start(Program, ["-c", file, "-e", $"{nginx._folder.FullName}/error.log"]);
        while (!await nginx.ListensAsync(cancellationToken))
        {
            Assert.False(nginx._process.HasExited);
        }
        return nginx;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }
        _folder.Delete(recursive: true);
    }

    private async Task<bool> ListensAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", _port, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
