using AiStackDeployer.Core.Audit;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Tests.Settings;
using AiStackDeployer.Tests.TestKit;
using AiStackDeployer.Web.Security;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace AiStackDeployer.Tests.Security;

public sealed class AuditRetentionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task At_the_start_and_each_day_what_is_older_than_it_is_kept_is_removed_and_trouble_ends_nothing()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        var log = new MemoryAudit();
        log.Entries.AddRange(((int[])[-40, -29, -28, -1]).Select(day => new AuditEntry
        {
            Id = $"aud_{day}", At = time.GetUtcNow().AddDays(day), Action = "sign-in", Way = AuditWay.Web, Outcome = AuditOutcome.Done,
        }));
        using var retention = new AuditRetention(log, SettingsBench.Production(("AUDIT_DAYS", "30")), time, NullLogger<AuditRetention>.Instance);

        await retention.StartAsync(Token);
        await log.Forgotten.WaitAsync(Token);
        Assert.Equal(["aud_-29", "aud_-28", "aud_-1"], log.Entries.Select(e => e.Id));

        log.Trouble = new StorageUnavailableException("locked", new IOException());
        time.Advance(TimeSpan.FromDays(1));
        await log.Forgotten.WaitAsync(Token);
        log.Trouble = null;
        time.Advance(TimeSpan.FromDays(1));
        await log.Forgotten.WaitAsync(Token);
        Assert.Equal(["aud_-28", "aud_-1"], log.Entries.Select(e => e.Id));
        await retention.StopAsync(Token);
    }
}
