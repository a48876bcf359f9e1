using System.Security.Cryptography;
using System.Text;

namespace AiStackDeployer.Core.People;

/// <summary>Somebody who has signed in, as their identity provider told of them the last time.</summary>
public sealed class Person
{
    /// <summary><c>usr_…</c>: see <see cref="IdOf"/>.</summary>
    public required string Id { get; init; }

    /// <summary>The provider's own name (<c>iss</c>).</summary>
    public required string Issuer { get; init; }

    /// <summary>The provider's name for the person (<c>sub</c>), which it never gives to anybody else.</summary>
    public required string Subject { get; init; }

    /// <summary>As the person is shown to others; not unique, and no proof of anything.</summary>
    public required string Name { get; set; }

    public required Role Role { get; set; }

    /// <summary>The groups that the provider told of, one on each line.</summary>
    public required string Groups { get; set; }

    public required DateTimeOffset FirstSeenAt { get; init; }

    /// <summary>The last sign-in.</summary>
    public required DateTimeOffset SignedInAt { get; set; }

    /// <summary>How many stacks an administrator lets this person have; null = what the settings say.</summary>
    public int? StackLimit { get; set; }

    /// <summary>
    /// The owner id of who has this subject at this provider. Not the mail address or the name: both change, and are given to others later.
    /// </summary>
    public static string IdOf(string issuer, string subject) =>
        "usr_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"ai-stack-deployer.person:{issuer}\n{subject}")))[..32];
}
