namespace AiStackDeployer.Core.Stacks;

/// <summary>Encrypts what is kept in the database but must not be readable there (Data Protection in the portal).</summary>
public interface ISecretProtector
{
    string Protect(string secret);

    /// <exception cref="SecretUnreadableException">The key that encrypted it is gone.</exception>
    string Unprotect(string protectedSecret);
}

/// <summary>A stored secret cannot be decrypted: the key ring is not the one that encrypted it.</summary>
public sealed class SecretUnreadableException(Exception inner)
    : Exception("A stored secret cannot be read: the encryption keys are not the ones it was written with.", inner);
