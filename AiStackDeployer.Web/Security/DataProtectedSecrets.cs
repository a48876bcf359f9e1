using System.Security.Cryptography;
using AiStackDeployer.Core.Stacks;
using Microsoft.AspNetCore.DataProtection;

namespace AiStackDeployer.Web.Security;

/// <summary>Stacks' passwords, encrypted with the portal's key ring.</summary>
internal sealed class DataProtectedSecrets(IDataProtectionProvider provider) : ISecretProtector
{
    private readonly IDataProtector _protector = provider.CreateProtector("stack-password.v1");

    public string Protect(string secret) => _protector.Protect(secret);

    public string Unprotect(string protectedSecret)
    {
        try
        {
            return _protector.Unprotect(protectedSecret);
        }
        catch (CryptographicException e)
        {
            throw new SecretUnreadableException(e);
        }
    }
}
