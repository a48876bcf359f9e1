using AiStackDeployer.LogIngest.Settings;

namespace AiStackDeployer.Tests.Ingest;

public sealed class IngestSettingsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ingest-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_is_not_set_has_its_default()
    {
        var settings = Read(("PORTAL_URL", "http://portal:3000"), ("LOG_INGEST_KEY", new string('k', 32)));

        Assert.Equal((null, 3000, null, TimeSpan.FromHours(24), 256L << 20), (settings.Host, settings.Port, settings.LokiUrl, settings.Keep, settings.MostStoredBytes));
        Assert.Equal("http://portal:3000/", settings.PortalUrl.ToString());
    }

    [Fact]
    public void A_path_of_the_portal_or_of_Loki_is_kept()
    {
        var settings = Read(("PORTAL_URL", "https://example.org/stacks"), ("LOKI_URL", "http://gateway/loki-one/"), ("LOG_INGEST_KEY", new string('k', 32)));

        Assert.Equal("https://example.org/stacks/api", new Uri(settings.PortalUrl, "api").ToString());
        Assert.Equal("http://gateway/loki-one/loki", new Uri(settings.LokiUrl!, "loki").ToString());
    }

    [Fact]
    public void A_secret_may_stand_in_a_file_and_the_environment_wins()
    {
        File.WriteAllText(Path.Combine(_folder, "LOG_INGEST_KEY"), new string('f', 40) + "\n");
        File.WriteAllText(Path.Combine(_folder, "named"), new string('n', 40));
        var portal = ("PORTAL_URL", "http://portal:3000");

        Assert.Equal(new string('f', 40), Read(portal).Key);
        Assert.Equal(new string('f', 40), Read(portal, ("LOG_INGEST_KEY", " ")).Key);
        Assert.Equal(new string('e', 40), Read(portal, ("LOG_INGEST_KEY", new string('e', 40))).Key);
        File.Delete(Path.Combine(_folder, "LOG_INGEST_KEY"));
        Assert.Equal(new string('n', 40), Read(portal, ("LOG_INGEST_KEY_FILE", Path.Combine(_folder, "named"))).Key);
    }

    [Fact]
    public void All_that_is_wrong_is_said_at_once_and_no_secret_with_it()
    {
        var e = Assert.Throws<SettingsException>(() => Read(
            ("LOG_INGEST_KEY", "too-short"), ("PORT", "0"), ("HOST", "here"), ("LOKI_URL", "loki:3100"), ("LOKI_TENANT", "a|b"), ("LOG_KEEP_HOURS", "1.5"),
            ("LOG_MAX_MB", "1"), ("DATA_DIR", "/proc/none")));

        Assert.Equal(
            ["DATA_DIR", "HOST", "LOG_INGEST_KEY", "LOG_KEEP_HOURS", "LOG_MAX_MB", "LOKI_TENANT", "LOKI_URL", "PORT", "PORTAL_URL"],
            e.Faults.Select(f => f.Split(' ')[0]).Order());
        Assert.DoesNotContain("too-short", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PORTAL_URL", "ftp://portal")]
    [InlineData("PORTAL_URL", "http://user:password@portal")]
    [InlineData("PORTAL_URL", "http://portal?a=b")]
    [InlineData("LOG_INGEST_KEY", "has spaces and is longer than 32 characters")]
    [InlineData("LOG_INGEST_KEY_FILE", "/nowhere/at/all")]
    public void A_setting_that_cannot_be_meant_is_refused(string name, string value)
    {
        (string Name, string Value)[] all = [("PORTAL_URL", "http://portal:3000"), ("LOG_INGEST_KEY", name == "LOG_INGEST_KEY_FILE" ? "" : new string('k', 32))];

        var e = Assert.Throws<SettingsException>(() => Read([.. all.Where(v => v.Name != name), (name, value)]));

        Assert.Contains(e.Faults, f => f.StartsWith(name, StringComparison.Ordinal));
        Assert.DoesNotContain("password@", e.Message, StringComparison.Ordinal);
    }

    private IngestSettings Read(params (string Name, string Value)[] variables)
    {
        var all = variables.ToDictionary(v => v.Name, v => v.Value);
        all.TryAdd("DATA_DIR", Path.Combine(_folder, "data"));
        all["SECRETS_DIR"] = _folder;
        return IngestSettings.Read(all.GetValueOrDefault);
    }
}
