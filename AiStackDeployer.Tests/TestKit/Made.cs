using AiStackDeployer.Core.People;

namespace AiStackDeployer.Tests.TestKit;

/// <summary>People of whom a test only says what matters to it.</summary>
internal static class Made
{
    public static Person Person(string id, string name = "Bram", Role role = Role.User) => new()
    {
        Id = id, Issuer = "https://login.test", Subject = id, Name = name, Role = role, Groups = "", FirstSeenAt = DateTimeOffset.UnixEpoch, SignedInAt = DateTimeOffset.UnixEpoch,
    };

    public static Session Session(string personId, DateTimeOffset now) => new()
    {
        Id = $"ses_{personId}", KeyHash = $"hash-{personId}", PersonId = personId, Role = Role.User, CreatedAt = now, SeenAt = now, EndsAt = now + Core.People.Session.Longest,
    };
}
