using AiStackDeployer.Web.Security;

namespace AiStackDeployer.Web.Mcp;

/// <summary>An idempotency key as the proof of who made a stack: whoever gives it again is told the password.</summary>
internal static class OwnerKey
{
    public const int Shortest = GuessableKeys.ShortestProof;
    public const int Longest = 200;

    /// <summary>What is wrong with a key; null when it is a proof.</summary>
    public static Refusal? Check(string key)
    {
        if (key.Any(c => c is < '!' or > '~'))
        {
            return new Refusal("idempotency-key-invalid", "An idempotency_key has visible ASCII characters only.", "Use a random UUID.");
        }
        return GuessableKeys.Contains(key)
            ? new Refusal(
                "idempotency-key-weak",
                "This idempotency_key can be guessed, and it is the only proof that the stack is yours.",
                "Use a random UUID, or leave it out: the portal makes one.")
            : null;
    }
}
