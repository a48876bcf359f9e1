using System.Globalization;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Tests.Persistence;

namespace AiStackDeployer.Tests.Benchmarks;

/// <summary>
/// What a page of the administrators' grid and the board cost with 10,000 stacks on SQLite: <c>-explicit only -class …StackListBenchmark</c>.
/// Figures, no verdict.
/// </summary>
public sealed class StackListBenchmark
{
    private const int Stacks = 10_000;
    private const int Runs = 60;

    [Fact(Explicit = true)]
    public async Task A_page_of_ten_thousand_stacks()
    {
        var token = TestContext.Current.CancellationToken;
        using var database = await TestDatabase.CreateAsync();
        database.Execute(string.Create(CultureInfo.InvariantCulture, $"""
            INSERT INTO people (id, issuer, subject, name, role, groups, first_seen_at, signed_in_at)
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
            SELECT printf('usr_%04d', i), 'i', i, printf('Person %04d', i), 'User', '', 0, 0 FROM n;
            INSERT INTO stacks (id, name, owner_id, created_at, url, image, user_name, protected_password, state, ready_at, failed_at, used_at, health_state, health_since, health_seen_at,
                last_deployment_id, version)
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {Stacks})
            SELECT printf('stk_%05d', i), printf('stack-%05d', i), printf('usr_%04d', i % 2500), 1000000 * i, printf('https://stack-%05d.ai.example.org', i), 'registry.test/stack:' || (i % 5),
                'opencode', hex(randomblob(120)), CASE WHEN i % 50 = 0 THEN 'Failed' ELSE 'Ready' END, 1000000 * i, CASE WHEN i % 50 = 0 THEN 1000000 * i END, 1000000 * (i * 7919 % {Stacks}),
                CASE WHEN i % 40 = 0 THEN 'NotAnswering' ELSE 'Answering' END, 1000000 * i, 1000000 * i, printf('dep_%05d', i), 0 FROM n;
            INSERT INTO deployments (id, kind, stack_id, name, owner_id, request_id, trace_id, created_at, phase, current_step, progress, run, failure, finished_at, last_sequence, version,
                deploy_attempts, touched_dokploy, is_paused)
            SELECT last_deployment_id, 'deploy', id, name, owner_id, id, '0', created_at, CASE state WHEN 'Failed' THEN 'Failed' ELSE 'Completed' END, 'AwaitReadiness', 100, 1,
                CASE state WHEN 'Failed' THEN '{"{"}"Code":"ImageNotFound","Step":"AwaitContainer"{"}"}' END, created_at + 9000, 10, 1, 1, 1, 0 FROM stacks;
            """));
        var store = database.OpenStore();
        await MeasureAsync("newest first", new StackQuery());
        await MeasureAsync("page 300 of them", new StackQuery { Skip = 7475 });
        await MeasureAsync("by owner's name", new StackQuery { Sort = StackSort.Owner });
        await MeasureAsync("longest unused", new StackQuery { Sort = StackSort.Used, Descending = false });
        await MeasureAsync("search in names, labels, people", new StackQuery { Search = "person 01" });
        await MeasureAsync("search for an address", new StackQuery { Search = "stack-00042.ai" });
        await MeasureAsync("one cause", new StackQuery { Cause = FailureCode.ImageNotFound });
        await MeasureAsync("not answering", new StackQuery { Healths = [HealthState.NotAnswering] });
        await PrintAsync("what is wrong", async () => (await store.ListTroubledAsync(token)).Count);
        await PrintAsync("counts by state", async () => (await store.ReadActiveFiguresAsync(token)).Stacks.Count);
        await PrintAsync("figures", async () => (await store.ReadFiguresAsync(default, default, token)).Ready);
        await PrintAsync("all ids", async () => (await store.ListStackIdsAsync(new StackQuery(), token)).Count);

        Task MeasureAsync(string what, StackQuery query) => PrintAsync(what, async () => (await store.ListStacksAsync(query, token)).Total);

        static async Task PrintAsync(string what, Func<Task<int>> read)
        {
            var count = await read();
            var times = new List<double>();
            for (var run = 0; run < Runs; run++)
            {
                var begun = TimeProvider.System.GetTimestamp();
                await read();
                times.Add(TimeProvider.System.GetElapsedTime(begun).TotalMilliseconds);
            }
            times.Sort();
            TestContext.Current.TestOutputHelper!.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{what} ({count}): P50 {times[Runs / 2]:0} ms, P95 {times[Runs * 95 / 100]:0} ms"));
        }
    }
}
