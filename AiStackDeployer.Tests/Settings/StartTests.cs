using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using AiStackDeployer.Web.Composition;

namespace AiStackDeployer.Tests.Settings;

/// <summary>The built program as a process of its own, started in an empty folder.</summary>
public sealed class StartTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("portal-start-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Production_with_nothing_set_stops_with_code_2_and_names_every_missing_key()
    {
        var (code, error) = await RunAsync();

        Assert.Equal(2, code);
        Assert.Contains("DOKPLOY_URL is not set", error, StringComparison.Ordinal);
        Assert.Contains("DOKPLOY_API_TOKEN is not set", error, StringComparison.Ordinal);
        Assert.Contains("STACK_IMAGE is not set", error, StringComparison.Ordinal);
        Assert.Contains("PUBLIC_URL is not set", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_env_file_where_it_is_started_is_read_and_the_environment_wins_over_it()
    {
        await File.WriteAllTextAsync(
            Path.Combine(_folder, ".env"), "DOKPLOY_URL=not-an-address\nSTACK_IMAGE='img:1'\nPORT=from-file\n", TestContext.Current.CancellationToken);

        var (code, error) = await RunAsync(("PORT", "3999"), ("DOKPLOY_API_TOKEN", "process-secret"));

        Assert.Equal(2, code);
        Assert.Contains("DOKPLOY_URL must be an address", error, StringComparison.Ordinal);
        Assert.DoesNotContain("PORT", error, StringComparison.Ordinal);
        Assert.DoesNotContain("STACK_IMAGE", error, StringComparison.Ordinal);
        Assert.DoesNotContain("process-secret", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_taken_port_stops_with_code_2_and_names_the_key()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();

        var (code, error) = await RunAsync(
            ("DOKPLOY_URL", "http://127.0.0.1:9"), ("DOKPLOY_API_TOKEN", "token"), ("STACK_IMAGE", "img:1"), ("PUBLIC_URL", "http://localhost"), ("AUTH", "none"), ("HOST", "127.0.0.1"),
            ("METRICS_PORT", "none"), ("PORT", PortOf(other)));

        Assert.Equal(2, code);
        Assert.Contains("PORT", error, StringComparison.Ordinal);
        Assert.DoesNotContain("DATA_DIR", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_taken_port_for_metrics_stops_with_code_2_and_names_that_key()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();

        var (code, error) = await RunAsync(
            ("DOKPLOY_URL", "http://127.0.0.1:9"), ("DOKPLOY_API_TOKEN", "token"), ("STACK_IMAGE", "img:1"), ("PUBLIC_URL", "http://localhost"), ("AUTH", "none"), ("HOST", "127.0.0.1"), ("PORT", "0"),
            ("METRICS_PORT", PortOf(other)));

        Assert.Equal(2, code);
        Assert.Contains($"http://127.0.0.1:{PortOf(other)}: address already in use. Set PORT or METRICS_PORT", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_for_metrics_that_is_not_this_machines_stops_with_code_2_and_names_those_keys()
    {
        // Nobody has this one: https://www.rfc-editor.org/rfc/rfc5737.
        var (code, error) = await RunAsync(
            ("DOKPLOY_URL", "http://127.0.0.1:9"), ("DOKPLOY_API_TOKEN", "token"), ("STACK_IMAGE", "img:1"), ("PUBLIC_URL", "http://localhost"), ("AUTH", "none"), ("HOST", "127.0.0.1"), ("PORT", "0"),
            ("METRICS_HOST", "192.0.2.1"), ("METRICS_PORT", "9464"));

        Assert.Equal(2, code);
        Assert.Contains("METRICS_HOST and METRICS_PORT", error, StringComparison.Ordinal);
        Assert.Contains("AddressNotAvailable", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_data_folder_that_cannot_be_stops_with_code_3_and_names_the_key()
    {
        var file = Path.Combine(_folder, "a-file");
        await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);

        var (code, error) = await RunAsync(
            ("DOKPLOY_URL", "http://127.0.0.1:9"), ("DOKPLOY_API_TOKEN", "token"), ("STACK_IMAGE", "img:1"), ("PUBLIC_URL", "http://localhost"), ("AUTH", "none"), ("DATA_DIR", file));

        Assert.Equal(3, code);
        Assert.Contains("DATA_DIR", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_a_machine_does_not_give_is_told_in_its_own_words_and_blamed_on_the_data_folder_only_there(bool isDataFolder)
    {
        var trouble = new IOException("The configured user limit (128) on the number of inotify instances has been reached.");

        var failure = StartFailure.Of(isDataFolder ? new DataFolderUnusableException(trouble.Message, trouble) : trouble)!;

        Assert.StartsWith($"The portal cannot start: {trouble.Message}", failure.Sentence, StringComparison.Ordinal);
        Assert.Equal(isDataFolder, failure.Sentence.Contains("DATA_DIR", StringComparison.Ordinal));
    }

    private static string PortOf(TcpListener listener) =>
        ((IPEndPoint)listener.LocalEndpoint).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private async Task<(int Code, string Error)> RunAsync(params (string Key, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "AiStackDeployer.Web.dll")])
        {
            WorkingDirectory = _folder, RedirectStandardError = true, RedirectStandardOutput = true,
        };
        // Only what a runtime needs: nothing of this machine's settings.
        foreach (var key in start.Environment.Keys.Where(k => k is not ("PATH" or "HOME" or "DOTNET_ROOT" or "TMPDIR")).ToList())
        {
            start.Environment.Remove(key);
        }
        foreach (var (key, value) in environment)
        {
            start.Environment[key] = value;
        }
        using var process = Process.Start(start)!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await output;
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return (process.ExitCode, error);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }
}
