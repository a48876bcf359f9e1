using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AiStackDeployer.Web.Composition;
using Microsoft.AspNetCore.DataProtection;
using Npgsql;

namespace AiStackDeployer.Tests.Settings;

/// <summary>Which database, and how its address may be written.</summary>
public sealed class DatabaseSettingsTests
{
    private const string Portal = "ConnectionStrings:Portal";
    private const string Url = "DATABASE_URL";

    [Fact]
    public void Nothing_named_is_a_file_in_the_data_folder()
    {
        Assert.Null(SettingsBench.Production().Postgres);
        Assert.Null(SettingsBench.Production((Portal, " "), (Url, "")).Postgres);
    }

    [Theory]
    [InlineData(Portal, "Host=db.test;Port=5433;Database=portal;Username=jan;Password=p w")]
    [InlineData(Url, "postgres://jan:p%20w@db.test:5433/portal")]
    [InlineData(Url, "postgresql://jan:p%20w@db.test:5433/portal?sslmode=verify-full&connect_timeout=7")]
    [InlineData(Portal, "postgresql://jan:p%20w@db.test:5433/portal")]
    public void Pairs_and_urls_name_the_same_database(string key, string value)
    {
        var read = new NpgsqlConnectionStringBuilder(SettingsBench.Production((key, value)).Postgres!.ConnectionString);

        Assert.Equal(("db.test", 5433, "portal", "jan", "p w"), (read.Host, read.Port, read.Database, read.Username, read.Password));
        Assert.Equal(value.Contains("verify-full", StringComparison.Ordinal) ? (SslMode.VerifyFull, 7) : (SslMode.Prefer, 5), (read.SslMode, read.Timeout));
    }

    [Fact]
    public void What_the_operator_sets_wins_over_what_the_portal_would()
    {
        var read = new NpgsqlConnectionStringBuilder(
            SettingsBench.Production((Portal, "Host=db.test;Database=portal;Maximum Pool Size=7;Command Timeout=60;Options=-c search_path=tools")).Postgres!.ConnectionString);

        Assert.Equal((7, 60), (read.MaxPoolSize, read.CommandTimeout));
        Assert.EndsWith("-c search_path=tools", read.Options, StringComparison.Ordinal);
        Assert.Contains("idle_in_transaction_session_timeout", read.Options, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mysql://jan:secret@db.test/portal")]
    [InlineData("postgres://jan:secret@/portal")]
    [InlineData("postgres://jan:secret@db.test")]
    [InlineData("postgres://jan:secret@db.test/portal?sslmode=secret")]
    [InlineData("postgres://jan:secret@db.test/portal?colour=secret")]
    [InlineData("Host=db.test;Password=secret")]
    [InlineData("secret")]
    public void What_is_no_address_is_a_fault_that_repeats_nothing_of_it(string value)
    {
        var fault = Assert.Single(SettingsBench.Faults((Url, value)));

        Assert.StartsWith(Url + " ", fault, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_different_addresses_are_a_fault_and_the_same_one_twice_is_not()
    {
        Assert.StartsWith("DATABASE_URL names another", Assert.Single(SettingsBench.Faults((Portal, "postgres://a.test/p"), (Url, "postgres://b.test/p"))), StringComparison.Ordinal);
        Assert.NotNull(SettingsBench.Production((Portal, "postgres://a.test/p"), (Url, "postgres://a.test/p")).Postgres);
    }

    [Fact]
    public void Written_to_a_log_by_mistake_it_tells_no_password()
    {
        var settings = SettingsBench.Production((Url, "postgres://jan:secret@db.test/portal"));

        Assert.DoesNotContain("secret", settings.ToString() + settings.Postgres, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stack_cannot_take_the_database_servers_host() =>
        Assert.True(SettingsBench.Production((Url, "postgres://stacks-db.ai.example.org/portal"), ("STACK_DOMAIN_SUFFIX", "ai.example.org")).ReservedNames.Contains("stacks-db"));

    [Theory]
    [InlineData("ring.pfx", "pw")]
    [InlineData("ring.pem", null)]
    public void The_key_rings_certificate_is_read_from_either_kind_of_file(string name, string? password)
    {
        var folder = Directory.CreateTempSubdirectory("ring-");
        try
        {
            using var key = RSA.Create(2048);
            using var made = new CertificateRequest("CN=ring", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
                .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
            var file = Path.Combine(folder.FullName, name);
            File.WriteAllBytes(
                file, password is null ? System.Text.Encoding.ASCII.GetBytes(made.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem()) : made.Export(X509ContentType.Pfx, password));

            Assert.Equal(
                made.Thumbprint, SettingsBench.Production(("KEY_RING_CERTIFICATE", file), ("KEY_RING_CERTIFICATE_PASSWORD", password ?? "")).KeyRingCertificates.Single().Thumbprint);
            Assert.StartsWith(
                "KEY_RING_CERTIFICATE ", Assert.Single(SettingsBench.Faults(("KEY_RING_CERTIFICATE", file + "x"))), StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>A certificate is replaced by naming the new one before it; without it, what it encrypted is lost.</summary>
    [Fact]
    public void Keys_that_an_older_certificate_encrypted_are_opened_as_long_as_it_is_named()
    {
        var folder = Directory.CreateTempSubdirectory("ring-");
        try
        {
            using var old = Certificate();
            using var next = Certificate();
            var written = Protector(old).Protect("password");

            Assert.Equal("password", Protector(next, old).Unprotect(written));
            Assert.Throws<CryptographicException>(() => Protector(next).Unprotect(written));
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        IDataProtector Protector(params X509Certificate2[] certificates) =>
            DataProtectionProvider.Create(folder, ring => ring.EncryptWith(certificates)).CreateProtector("test");

        static X509Certificate2 Certificate()
        {
            using var key = RSA.Create(2048);
            return new CertificateRequest("CN=ring", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
                .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        }
    }
}
