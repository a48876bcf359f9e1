using AiStackDeployer.Core.Deployments;

namespace AiStackDeployer.Core.Persistence.Sqlite;

/// <summary>The database as it was before an upgrade, beside it: <c>portal.db.before-{first migration}</c>. The last two upgrades' stay.</summary>
internal static class SafetyCopy
{
    private const int Kept = 2;

    // A migration's name begins with its time; what a restore keeps aside is "before-restore-…" and stays out of this.
    private const string Mark = ".before-2";
    private const string Again = ".again";
    private const string Unfinished = ".partial";

    public static string NameOf(string database, string migration) => $"{database}.before-{migration}";

    /// <summary>
    /// Those that were made before this migration, the newest first. Between an upgrade that failed and the one that went well the old
    /// version may have run for weeks, so either may be the newer one: also the first, where an earlier <c>.again</c> was never used.
    /// </summary>
    public static IReadOnlyList<string> Of(string database, string migration) =>
    [
        .. new[] { NameOf(database, migration), NameOf(database, migration) + Again }.Where(File.Exists).OrderByDescending(File.GetLastWriteTimeUtc),
    ];

    /// <param name="mostPages">For a full disk.</param>
    /// <exception cref="StorageUnavailableException">It could not be made, so the upgrade must not begin.</exception>
    public static void Make(string database, string migration, long? mostPages = null)
    {
        var name = NameOf(database, migration);
        // There already: an upgrade that failed half-way is tried again, or an old version ran in between. The first one may be
        // the only good one, so it stays, however often a supervisor restarts the portal.
        var copy = File.Exists(name) ? name + Again : name;
        var unfinished = name + Unfinished;
        try
        {
            SqliteCopy.Take(database, unfinished, mostPages);
            File.Move(unfinished, copy, overwrite: true);
        }
        catch (Exception e) when (e is StorageUnavailableException or DatabaseDamagedException or IOException or UnauthorizedAccessException)
        {
            Discard(unfinished);
            throw new StorageUnavailableException(
                $"The upgrade to {migration} was not begun, and the database is as it was: no safety copy could be made of it. {e.Message} "
                + $"It needs {Megabytes(database)} MB in {Path.GetDirectoryName(database)}.",
                e);
        }
        DeleteOldest(database);
    }

    private static void DeleteOldest(string database)
    {
        var copies = Directory.EnumerateFiles(Path.GetDirectoryName(database)!, Path.GetFileName(database) + Mark + "*")
            .Where(f => !f.Contains(Unfinished, StringComparison.Ordinal))
            .GroupBy(f => f.EndsWith(Again, StringComparison.Ordinal) ? f[..^Again.Length] : f)
            .OrderByDescending(g => g.Key, StringComparer.Ordinal);
        foreach (var old in copies.Skip(Kept).SelectMany(g => g))
        {
            File.Delete(old);
        }
    }

    private static void Discard(string unfinished)
    {
        try
        {
            File.Delete(unfinished);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The reason to stop is told already; the next try writes over it.
        }
    }

    private static long Megabytes(string database) => (new FileInfo(database).Length >> 20) + 1;
}
