using AiStackDeployer.Core.Audit;
using AiStackDeployer.Core.Persistence;
using AiStackDeployer.Tests.TestKit;

namespace AiStackDeployer.Tests.Persistence;

/// <summary>The audit log in a real database.</summary>
public abstract class AuditLogTests(DatabaseKind kind)
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_line_is_read_as_it_was_written()
    {
        using var database = await TestDatabase.CreateAsync(kind);
        var written = Entry(1) with
        {
            ActorId = "usr_1", ActorName = "Anna", Address = "192.0.2.1", TokenName = "ci", TargetId = "stk_1", TargetName = "jan", OwnerId = "usr_2",
            Outcome = AuditOutcome.Failed, Detail = "stack-busy",
        };
        await Open(database).WriteAsync(written, Token);

        var read = Assert.Single(await Open(database).ReadAsync(new AuditQuery(), Token));

        Assert.Equal(written, read);
    }

    [Theory]
    [InlineData("search", "anNA", "1")]
    [InlineData("search", "JAN", "2")]
    [InlineData("search", "usr_owner", "3")]
    [InlineData("search", "usr_own", "")]
    [InlineData("search", "nightly", "4")]
    [InlineData("search", "192.0.2.9", "5")]
    [InlineData("search", "a\0b", "")]
    [InlineData("action", "stack.", "2 3")]
    [InlineData("action", "stack.delete", "3")]
    [InlineData("action", "%", "")]
    [InlineData("way", "Mcp", "4")]
    [InlineData("outcome", "Refused", "5")]
    [InlineData("from", "4", "4 5")]
    [InlineData("to", "2", "1")]
    [InlineData("before", "3", "1 2")]
    public async Task Each_filter_leaves_what_it_names(string filter, string value, string left)
    {
        using var database = await TestDatabase.CreateAsync(kind);
        var log = Open(database);
        foreach (var entry in (AuditEntry[])
        [
            Entry(1) with { ActorName = "Anna" }, Entry(2) with { Action = "stack.deploy", TargetName = "jan" },
            Entry(3) with { Action = "stack.delete", OwnerId = "usr_owner" }, Entry(4) with { Way = AuditWay.Mcp, TokenName = "Nightly run" },
            Entry(5) with { Outcome = AuditOutcome.Refused, Address = "192.0.2.9" },
        ])
        {
            await log.WriteAsync(entry, Token);
        }
        var query = filter switch
        {
            "search" => new AuditQuery { Search = value },
            "action" => new AuditQuery { Action = value },
            "way" => new AuditQuery { Way = Enum.Parse<AuditWay>(value) },
            "outcome" => new AuditQuery { Outcome = Enum.Parse<AuditOutcome>(value) },
            "from" => new AuditQuery { From = At(value) },
            "to" => new AuditQuery { To = At(value) },
            _ => new AuditQuery { Before = IdOf(int.Parse(value, System.Globalization.CultureInfo.InvariantCulture)) },
        };

        var read = await log.ReadAsync(query, Token);

        Assert.Equal(left.Split(' ', StringSplitOptions.RemoveEmptyEntries).Reverse(), read.Select(e => e.Id[^1..]));
    }

    [Fact]
    public async Task What_is_older_than_it_is_kept_is_removed_and_nothing_else()
    {
        using var database = await TestDatabase.CreateAsync(kind);
        var log = Open(database);
        foreach (var n in (int[])[1, 2, 3])
        {
            await log.WriteAsync(Entry(n), Token);
        }

        Assert.Equal(1, await log.ForgetAsync(At("2"), Token));

        Assert.Equal([IdOf(3), IdOf(2)], (await log.ReadAsync(new AuditQuery(), Token)).Select(e => e.Id));
    }

    private static AuditLog Open(TestDatabase database)
    {
        var contexts = database.Open();
        return new AuditLog(contexts, new StorageMeter(new TestMeters(), contexts, TimeProvider.System));
    }

    private static DateTimeOffset At(string minute) => Start.AddMinutes(int.Parse(minute, System.Globalization.CultureInfo.InvariantCulture));

    private static string IdOf(int n) => $"aud_{Start.AddMinutes(n).ToUnixTimeMilliseconds()}_{n}";

    private static AuditEntry Entry(int n) =>
        new() { Id = IdOf(n), At = Start.AddMinutes(n), Action = "sign-in", Way = AuditWay.Web, Outcome = AuditOutcome.Done };
}

public sealed class AuditLogTestsOnSqlite() : AuditLogTests(DatabaseKind.Sqlite);

public sealed class AuditLogTestsOnPostgres() : AuditLogTests(DatabaseKind.Postgres);
