using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AiStackDeployer.Core.Persistence.Postgres;

namespace AiStackDeployer.Web.Settings;

public sealed partial record PortalSettings
{
    private const string ConnectionStringName = "ConnectionStrings__Portal";

    internal static PostgresOptions? ReadPostgres(SettingsReader reader)
    {
        var ours = reader.ConnectionString("Portal");
        var url = reader.Text("DATABASE_URL");
        if (ours is not null && url is not null && ours != url)
        {
            reader.Fault("DATABASE_URL", $"names another database than {ConnectionStringName}: keep one of the two.");
        }
        if ((ours ?? url) is not { } text)
        {
            return null;
        }
        try
        {
            return PostgresOptions.Parse(text);
        }
        catch (FormatException e)
        {
            reader.Fault(ours is null ? "DATABASE_URL" : ConnectionStringName, e.Message);
            return null;
        }
    }

    private static List<X509Certificate2> ReadKeyRingCertificates(SettingsReader reader)
    {
        const string key = "KEY_RING_CERTIFICATE";
        var password = reader.Text("KEY_RING_CERTIFICATE_PASSWORD");
        var certificates = new List<X509Certificate2>();
        foreach (var file in reader.List(key))
        {
            try
            {
                var certificate = Path.GetExtension(file) is ".pfx" or ".p12" ? X509CertificateLoader.LoadPkcs12FromFile(file, password)
                    : password is null ? X509Certificate2.CreateFromPemFile(file)
                    : X509Certificate2.CreateFromEncryptedPemFile(file, password);
                // XML encryption, which the key ring uses, knows no other kind.
                if (certificate.GetRSAPrivateKey() is null)
                {
                    reader.Fault(key, "must be an RSA certificate with its private key.");
                }
                certificates.Add(certificate);
            }
            catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
            {
                reader.Fault(key, "names no certificate that can be read: a .pfx file, or a .pem file with the certificate and its RSA key. Check KEY_RING_CERTIFICATE_PASSWORD too.");
            }
        }
        return certificates;
    }
}
