using System.Text;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Tests.TestKit;

/// <summary>Reversible and recognisable: what passed through it does not read like the secret.</summary>
internal sealed class TestSecrets : ISecretProtector
{
    /// <summary>The key ring is not the one that encrypted.</summary>
    public bool AreLost { get; set; }

    public string Protect(string secret) => "p:" + Convert.ToBase64String(Encoding.UTF8.GetBytes(secret));

    public string Unprotect(string protectedSecret) => AreLost
        ? throw new SecretUnreadableException(new System.Security.Cryptography.CryptographicException())
        : Encoding.UTF8.GetString(Convert.FromBase64String(protectedSecret[2..]));
}
