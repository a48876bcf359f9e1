namespace AiStackDeployer.Web.Security;

/// <summary>Idempotency keys that more than one caller may come to: people copy them from a page, models invent the same.</summary>
internal static class GuessableKeys
{
    /// <summary>Characters from which on a random key cannot be guessed; a UUID has 36.</summary>
    public const int ShortestProof = 20;

    /// <summary>Of 32 random hex digits, far fewer than one key in a million has so few different ones.</summary>
    private const int FewestDifferent = 8;

    /// <summary>UUIDs that documentation (once ours, too) and specifications show, without their hyphens. Those that count up need no place here.</summary>
    private static readonly HashSet<string> Textbook =
    [
        "0b3c7a5251fd4a259f0e2f2ea0e8a9c1",
        "110ec58aa0f24ac48393c866d813b8d1",
        "110ec58aa0f44ac48393c866d813b8d1",
        "123e4567e89b12d3a456426614174000",
        "123e4567e89b12d3a456426655440000",
        "1b9d6bcdbbfd4b2d9b5dab8dfbbd4bed",
        "3fa85f6457174562b3fc2c963f66afa6",
        "550e8400e29b41d4a716446655440000",
        "6f9619ff8b864d01b42d00cf4fc964ff",
        "6f9619ff8b86d011b42d00c04fc964ff",
        "6ba7b8109dad11d180b400c04fd430c8",
        "6ba7b8119dad11d180b400c04fd430c8",
        "6ba7b8129dad11d180b400c04fd430c8",
        "6ba7b8149dad11d180b400c04fd430c8",
        "6ec0bd7f11c043da975e2a8ad9ebae0b",
        "7c9e6679742540de944be07fc1f90ae7",
        "936da01f9abd4d9d80c702af85c822a8",
        "9b1deb4d3b7d4bad9bdd2b0d7b3dcb6d",
        "c9bf9e5716854c89bafbff5af830be8a",
        "d290f1ee6c544b0190e6d701748f0851",
        "de305d5475b4431badb2eb6b9e546014",
        "f47ac10b58cc4372a5670e02b2c3d479",
        "f81d4fae7dec11d0a76500a0c91e6bf6",
    ];

    /// <summary>Whether somebody else may have sent this key too, so that it proves nothing.</summary>
    public static bool Contains(string key)
    {
        var bare = new string([.. key.Where(char.IsAsciiLetterOrDigit).Select(char.ToLowerInvariant)]);
        return key.Length < ShortestProof || bare.Distinct().Count() < FewestDifferent || CountsUp(bare) || Textbook.Contains(bare);
    }

    /// <summary>Most characters follow from the one or two before: 1234…, aabb…, a1b2c3….</summary>
    private static bool CountsUp(string key) =>
        Enumerable.Range(1, key.Length - 1).Count(i => key[i] - key[i - 1] is 0 or 1 || (i > 1 && key[i] - key[i - 2] == 1)) * 2 > key.Length;
}
