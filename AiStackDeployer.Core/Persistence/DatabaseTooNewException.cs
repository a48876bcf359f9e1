namespace AiStackDeployer.Core.Persistence;

/// <summary>A newer program has changed the database's shape; this one would misread it.</summary>
public sealed class DatabaseTooNewException(string message) : Exception(message)
{
    /// <summary>The changes of a database that a program does not know.</summary>
    public static IReadOnlyList<string> Unknown(IEnumerable<string> applied, IReadOnlyList<string> known) => [.. applied.Except(known)];
}
