using System.Text;
using AiStackDeployer.Core.Connections;
using AiStackDeployer.DokployEmulator;
using AiStackDeployer.DokployEmulator.Faults;
using AiStackDeployer.Tests.Connections;
using AiStackDeployer.Tests.TestKit;
using AiStackDeployer.Web.Api;

namespace AiStackDeployer.Tests.Api;

/// <summary>Every answer that the OpenAPI document promises, provoked on a running portal and held against the document.</summary>
public sealed partial class OpenApiAnswersTests(AnsweringPortals portals) : IClassFixture<AnsweringPortals>
{
    private const string LongKey = "8c41d7e2-93b5-4f0a-ae6d-1b27f5908c3a";

    /// <summary>The list of reserved names would have to change under a running portal.</summary>
    private static readonly string[] Unprovoked = ["retryDeployment 400 name-reserved"];

    private static readonly (string Id, string Method, string Path, object? Body)[] Calls =
    [
        ("startDeployment", "POST", "api/deploy", new { name = "trouble-lab" }),
        ("watchDeployment", "GET", "api/status/{id}", null),
        ("listDeployments", "GET", "api/deployments", null),
        ("getDeployment", "GET", "api/deployments/{id}", null),
        ("cancelDeployment", "POST", "api/deployments/{id}/cancel", null),
        ("retryDeployment", "POST", "api/deployments/{id}/retry", null),
        ("listDeploymentEvents", "GET", "api/deployments/{id}/events", null),
        ("getDeploymentLog", "GET", "api/deployments/{id}/log", null),
        ("diagnoseDeployment", "GET", "api/deployments/{id}/diagnosis", null),
        ("listStacks", "GET", "api/stacks", null),
        ("getStack", "GET", "api/stacks/{name}", null),
        ("deleteStack", "DELETE", "api/stacks/{name}?confirm={name}", null),
        ("operateStack", "POST", "api/stacks/{name}/operations/stop", null),
        ("describeStack", "PATCH", "api/stacks/{name}", new { label = "A lab" }),
        ("listStackVariables", "GET", "api/stacks/{name}/environment", null),
        ("changeStackVariables", "PATCH", "api/stacks/{name}/environment", new { set = new { TEAM = "x" } }),
        ("keepStack", "POST", "api/stacks/{name}/keep?hours=8", null),
        ("getStackCredentials", "GET", "api/stacks/{name}/credentials", null),
        ("listStackLogs", "GET", "api/stacks/{name}/logs", null),
        ("diagnoseStack", "GET", "api/stacks/{name}/diagnosis", null),
        ("getSupportBundle", "GET", "api/stacks/{name}/support-bundle", null),
        ("openStack", "POST", "api/stacks/{name}/open", null),
        ("checkName", "GET", "api/check/{name}", null),
        ("askName", "GET", "api/check?name={name}", null),
        ("getFigures", "GET", "api/figures", null),
        ("getConnections", "GET", "api/connections", null),
        ("getDns", "GET", "api/dns", null),
        ("repairDns", "POST", "api/dns/repair", null),
        ("listPeople", "GET", "api/people", null),
        ("handOverStack", "POST", "api/stacks/{name}/owner", new { personId = "usr_none" }),
        ("listAudit", "GET", "api/audit", null),
        ("listTrouble", "GET", "api/trouble", null),
        ("getCare", "GET", "api/care", null),
        ("beginMaintenance", "PUT", "api/care/maintenance", Maintenance(1)),
        ("endMaintenance", "DELETE", "api/care/maintenance", null),
        ("setNotice", "PUT", "api/care/notice", Notice(1)),
        ("removeNotice", "DELETE", "api/care/notice", null),
        ("setPolicies", "PUT", "api/care/policies", new { images = new[] { "registry.test/stack:2" }, user = new { stopAfterHours = 8, image = "registry.test/stack:2" } }),
        ("getRollout", "GET", "api/admin/rollout", null),
        ("previewRollout", "GET", "api/admin/rollout/preview?image=img:2", null),
        ("startRollout", "POST", "api/admin/rollout", new { image = "img:2" }),
        ("changeRollout", "POST", "api/admin/rollout/req_none/pause", null),
    ];

    /// <summary>How each answer comes about. What follows a comma only tells several of one sort apart.</summary>
    private static readonly Dictionary<string, Func<AnsweringPortals, Task<HttpResponseMessage>>> Table = new()
    {
        ["startDeployment 202 application/json"] = p => p.DeployAsync("started-lab"),
        ["startDeployment 400 name-empty"] = p => p.DeployAsync(""),
        ["startDeployment 400 name-too-short"] = p => p.DeployAsync("ab"),
        ["startDeployment 400 name-too-long"] = p => p.DeployAsync("a-name-of-twenty-one-c"),
        ["startDeployment 400 name-illegal-character"] = p => p.DeployAsync("jan de vries"),
        ["startDeployment 400 name-leading-hyphen"] = p => p.DeployAsync("-jan"),
        ["startDeployment 400 name-trailing-hyphen"] = p => p.DeployAsync("jan-"),
        ["startDeployment 400 name-punycode"] = p => p.DeployAsync("xn--bcher-kva"),
        ["startDeployment 400 name-reserved"] = p => p.DeployAsync("admin"),
        ["startDeployment 400 malformed-request"] = p => p.PostAsync("api/deploy", new StringContent("{", Encoding.UTF8, "application/json")),
        ["startDeployment 400 parameter-invalid"] = p => p.PostAsync("api/deploy?dryRun=true", new { name = "plan-lab" }),
        ["startDeployment 400 idempotency-key-invalid"] = p => p.DeployAsync("any-lab", new string('k', 201)),
        ["startDeployment 409 name-taken"] = p => p.DeployAsync("ready-lab"),
        ["startDeployment 409 name-taken-by-you"] = p => p.DeployAsync("ready-lab", client: p.Ann),
        ["startDeployment 409 name-being-chosen"] = async p =>
        {
            await p.HoldNameAsync("chosen-lab");
            return await p.DeployAsync("chosen-lab");
        },
        ["startDeployment 409 quota-reached"] = async p => await (await p.WithAllStacksAsync()).Person.DeployAsync("one-more"),
        ["startDeployment 413 too-large"] = p =>
            p.PostAsync("api/deploy", new StringContent($"{{\"name\":\"{new string('x', 5_000_000)}\"}}", Encoding.UTF8, "application/json")),
        ["startDeployment 415 unsupported-media-type"] = p => p.PostAsync("api/deploy", new StringContent("name=jan", Encoding.UTF8, "text/plain")),
        ["startDeployment 422 idempotency-key-reused"] = async p =>
        {
            (await p.DeployAsync("keyed-lab", "key-1")).Dispose();
            return await p.DeployAsync("other-lab", "key-1");
        },
        ["watchDeployment 200 application/json"] = p => p.GetAsync("api/status/{id}", "application/json"),
        ["watchDeployment 200 text/event-stream"] = p => p.GetAsync("api/status/{id}"),
        ["watchDeployment 204 -"] = async p => await p.SendAsync("GET", "api/status/{id}", headers: ("Last-Event-ID", await p.LastEventAsync(p.ReadyId))),
        ["watchDeployment 404 deployment-not-found"] = p => p.GetAsync("api/status/dep_none"),
        ["watchDeployment 429 too-many-streams"] = p => p.BesideTooManyStreamsAsync(id => $"api/status/{id}"),
        ["listDeployments 200 application/json"] = p => p.GetAsync("api/deployments?status=completed&status=failed&active=false", client: p.Ann),
        ["listDeployments 200 application/json, one row"] = p => p.GetAsync("api/deployments?take=1&unknown=ignored"),
        ["listDeployments 400 parameter-invalid"] = p => p.GetAsync("api/deployments?status=done"),
        ["listDeployments 403 not-allowed"] = p => p.AsStrangerAsync("GET", "api/deployments"),
        ["getDeployment 200 application/json"] = p => p.GetAsync("api/deployments/{id}"),
        ["getDeployment 200 application/json, failed"] = async p => await p.GetAsync($"api/deployments/{await p.EndedAsync("fail-1", outcome: ImageOutcome.MissingImage)}"),
        ["getDeployment 200 application/json, deleted"] = async p => await p.GetAsync($"api/deployments/{await p.DeletedAsync("deleted-1")}"),
        ["getDeployment 404 deployment-not-found"] = p => p.GetAsync("api/deployments/dep_none"),
        ["cancelDeployment 200 application/json"] = p => p.WhileHeldAsync("project.create", async held =>
        {
            // As many as are worked on at once; the next one waits, and so has not begun.
            foreach (var n in Enumerable.Range(1, 4))
            {
                await p.Bob.StartAsync($"held-{n}");
            }
            await held.Arrived.WaitAsync(TestContext.Current.CancellationToken);
            return await p.PostAsync($"api/deployments/{(await p.Bob.StartAsync("waiting-lab")).Text("deploymentId")}/cancel");
        }),
        ["cancelDeployment 202 application/json"] = p => p.WhileHeldAsync("project.create", async held =>
        {
            var id = (await p.Bob.StartAsync("running-lab")).Text("deploymentId");
            await held.Arrived.WaitAsync(TestContext.Current.CancellationToken);
            return await p.PostAsync($"api/deployments/{id}/cancel");
        }),
        ["cancelDeployment 403 not-allowed"] = p => p.AsStrangerAsync("POST", "api/deployments/{id}/cancel"),
        ["cancelDeployment 404 deployment-not-found"] = p => p.PostAsync("api/deployments/dep_none/cancel"),
        ["cancelDeployment 409 deployment-ended"] = p => p.PostAsync("api/deployments/{id}/cancel"),
        ["cancelDeployment 409 cannot-be-cancelled"] = async p =>
        {
            await p.EndedAsync("deleting-1");
            return await p.WhileHeldAsync("application.delete", async held =>
            {
                using var begun = await p.DeleteAsync("deleting-1?confirm=deleting-1");
                await held.Arrived.WaitAsync(TestContext.Current.CancellationToken);
                return await p.PostAsync($"api/deployments/{(await begun.ReadJsonAsync()).Text("deploymentId")}/cancel");
            });
        },
        ["retryDeployment 202 application/json"] = async p =>
            await p.PostAsync($"api/deployments/{await p.EndedAsync("fail-2", outcome: ImageOutcome.MissingImage)}/retry", key: LongKey),
        ["retryDeployment 400 idempotency-key-invalid"] = p => p.PostAsync("api/deployments/{id}/retry", key: new string('k', 201)),
        ["retryDeployment 403 not-allowed"] = p => p.AsStrangerAsync("POST", "api/deployments/{id}/retry"),
        ["retryDeployment 404 deployment-not-found"] = p => p.PostAsync("api/deployments/dep_none/retry"),
        ["retryDeployment 409 cannot-be-retried"] = async p => await p.PostAsync($"api/deployments/{await p.DeletedAsync("deleted-2")}/retry"),
        ["retryDeployment 409 quota-reached"] = async p =>
        {
            var (person, failed) = await p.WithAllStacksAsync();
            return await p.PostAsync($"api/deployments/{failed}/retry", client: person);
        },
        ["retryDeployment 409 retry-not-needed"] = p => p.PostAsync("api/deployments/{id}/retry"),
        ["retryDeployment 409 name-taken"] = async p =>
        {
            var cancelled = await p.CancelledAsync("moved-lab");
            await p.Ann.StartAsync("moved-lab");
            return await p.PostAsync($"api/deployments/{cancelled}/retry");
        },
        ["retryDeployment 409 name-being-chosen"] = async p =>
        {
            var cancelled = await p.CancelledAsync("wanted-lab");
            await p.HoldNameAsync("wanted-lab");
            return await p.PostAsync($"api/deployments/{cancelled}/retry");
        },
        ["listDeploymentEvents 200 application/json"] = p => p.GetAsync("api/deployments/{id}/events?take=3"),
        ["listDeploymentEvents 200 application/json, failed"] = async p =>
            await p.GetAsync($"api/deployments/{await p.EndedAsync("fail-3", outcome: ImageOutcome.MissingImage)}/events?take=500"),
        ["listDeploymentEvents 200 text/event-stream"] = p => p.GetAsync("api/deployments/{id}/events?after=0", "text/event-stream"),
        ["listDeploymentEvents 204 -"] = async p => await p.GetAsync($"api/deployments/{{id}}/events?after={await p.LastEventAsync(p.ReadyId)}", "text/event-stream"),
        ["listDeploymentEvents 400 parameter-invalid"] = p => p.GetAsync("api/deployments/{id}/events?after=-1"),
        ["listDeploymentEvents 404 deployment-not-found"] = p => p.GetAsync("api/deployments/dep_none/events"),
        ["listDeploymentEvents 429 too-many-streams"] = p => p.BesideTooManyStreamsAsync(id => $"api/deployments/{id}/events"),
        ["getDeploymentLog 200 application/json"] = p => p.GetAsync("api/deployments/{id}/log", "application/json"),
        ["getDeploymentLog 200 text/plain"] = p => p.GetAsync("api/deployments/{id}/log"),
        ["getDeploymentLog 404 deployment-not-found"] = p => p.GetAsync("api/deployments/dep_none/log"),
        ["diagnoseDeployment 200 application/json"] = p => p.GetAsync("api/deployments/{id}/diagnosis"),
        ["diagnoseDeployment 404 deployment-not-found"] = p => p.GetAsync("api/deployments/dep_none/diagnosis"),
        ["listStacks 200 application/json"] = p => p.GetAsync("api/stacks?state=ready&sort=name&order=desc&mine=true", client: p.Ann),
        ["listStacks 400 parameter-invalid"] = p => p.GetAsync("api/stacks?sort=owner"),
        ["listStacks 403 not-allowed"] = p => p.AsStrangerAsync("GET", "api/stacks"),
        ["getStack 200 application/json"] = p => p.GetAsync("api/stacks/{name}"),
        ["getStack 200 application/json, failed"] = async p =>
        {
            await p.EndedAsync("fail-4", outcome: ImageOutcome.MissingImage);
            return await p.GetAsync("api/stacks/fail-4");
        },
        ["getStack 200 application/json, not answering"] = async p =>
        {
            await p.SilentAsync("silent-1");
            return await p.GetAsync("api/stacks/silent-1");
        },
        ["getStack 404 stack-not-found"] = p => p.GetAsync("api/stacks/none"),
        ["deleteStack 202 application/json"] = async p =>
        {
            await p.EndedAsync("old-lab");
            return await p.DeleteAsync("old-lab?confirm=old-lab");
        },
        ["deleteStack 202 application/json, again after its end"] = async p =>
        {
            await p.DeletedAsync("older-lab", "once");
            return await p.DeleteAsync("older-lab?confirm=older-lab", "once", p.Bob);
        },
        ["deleteStack 400 confirmation-differs"] = p => p.DeleteAsync("ready-lab?confirm=new-lab"),
        ["deleteStack 400 parameter-invalid"] = p => p.DeleteAsync($"ready-lab?confirm={new string('x', 201)}"),
        ["deleteStack 400 idempotency-key-invalid"] = p => p.DeleteAsync("ready-lab?confirm=ready-lab", new string('k', 201)),
        ["deleteStack 403 not-allowed"] = p => p.AsStrangerAsync("DELETE", "api/stacks/{name}?confirm={name}"),
        ["deleteStack 404 stack-not-found"] = p => p.DeleteAsync("none?confirm=none"),
        ["deleteStack 409 stack-busy"] = p => p.WhileHeldAsync("project.create", async _ =>
        {
            await p.Bob.StartAsync("busy-lab");
            return await p.DeleteAsync("busy-lab?confirm=busy-lab");
        }),
        ["deleteStack 409 stack-differs"] = p => p.DeleteAsync("ready-lab?confirm=ready-lab&stackId=stk_other"),
        ["deleteStack 422 idempotency-key-reused"] = async p =>
        {
            await p.DeletedAsync("reused-lab", "used");
            return await p.DeleteAsync("none?confirm=none", "used", p.Bob);
        },
        ["operateStack 202 application/json"] = async p =>
        {
            await p.EndedAsync("halt-lab");
            return await p.OperateAsync("halt-lab/operations/stop");
        },
        ["operateStack 400 parameter-invalid"] = p => p.OperateAsync("ready-lab/operations/explode"),
        ["operateStack 400 idempotency-key-invalid"] = p => p.OperateAsync("ready-lab/operations/stop", new string('k', 201)),
        ["operateStack 403 not-allowed"] = p => p.AsStrangerAsync("POST", "api/stacks/{name}/operations/stop"),
        ["operateStack 404 stack-not-found"] = p => p.OperateAsync("none/operations/stop"),
        ["operateStack 409 stack-busy"] = p => p.OperateAsync("ready-lab/operations/start"),
        ["operateStack 409 stack-differs"] = p => p.OperateAsync("ready-lab/operations/stop?stackId=stk_other"),
        ["operateStack 422 idempotency-key-reused"] = async p =>
        {
            await p.EndedAsync("twice-lab");
            using var first = await p.OperateAsync("twice-lab/operations/stop", "once-only");
            return await p.OperateAsync("ready-lab/operations/stop", "once-only");
        },
        ["getStackCredentials 200 application/json"] = p => p.GetAsync("api/stacks/{name}/credentials", client: p.Ann),
        ["getStackCredentials 403 not-owner"] = p => p.GetAsync("api/stacks/{name}/credentials"),
        ["getStackCredentials 404 stack-not-found"] = p => p.GetAsync("api/stacks/none/credentials"),
        ["getStackCredentials 500 credentials-unreadable"] = p => p.WithoutKeysAsync(() => p.GetAsync("api/stacks/{name}/credentials", client: p.Ann)),
        ["diagnoseStack 200 application/json"] = p => p.GetAsync("api/stacks/{name}/diagnosis", client: p.Ann),
        ["diagnoseStack 404 stack-not-found"] = p => p.GetAsync("api/stacks/none/diagnosis"),
        ["getSupportBundle 200 application/zip"] = p => p.GetAsync("api/stacks/{name}/support-bundle", client: p.Ann),
        ["getSupportBundle 404 stack-not-found"] = p => p.GetAsync("api/stacks/none/support-bundle"),
        ["getSupportBundle 500 credentials-unreadable"] = p => p.WithoutKeysAsync(() => p.GetAsync("api/stacks/{name}/support-bundle")),
        ["listStackLogs 200 application/json"] = p => p.GetAsync("api/stacks/{name}/logs?level=info&level=warn&source=container&limit=1", client: p.Ann),
        ["listStackLogs 400 parameter-invalid"] = p => p.GetAsync("api/stacks/{name}/logs?level=loud"),
        ["listStackLogs 400 parameter-invalid, too many"] = p => p.GetAsync("api/stacks/{name}/logs?limit=501"),
        ["listStackLogs 400 parameter-invalid, no cursor of a container"] = p => p.GetAsync("api/stacks/{name}/logs?source=container&before=7"),
        ["listStackLogs 404 stack-not-found"] = p => p.GetAsync("api/stacks/none/logs"),
        ["listStackLogs 500 credentials-unreadable"] = p => p.WithoutKeysAsync(() => p.GetAsync("api/stacks/{name}/logs")),
        ["listStackLogs 503 logs-unavailable"] = async p =>
        {
            await p.EndedAsync("unread-lab");
            p.Portal.Emulator.World.Faults.Add(new Fault { Call = "application.readLogs", Times = 1, Kind = new FaultKind.Status(403, "{}") });
            return await p.GetAsync("api/stacks/unread-lab/logs");
        },
        ["openStack 200 application/json"] = p => p.PostAsync("api/stacks/{name}/open?terminal=true", client: p.Ann),
        ["openStack 400 parameter-invalid"] = p => p.PostAsync("api/stacks/{name}/open?terminal=perhaps", client: p.Ann),
        ["openStack 403 not-owner"] = p => p.PostAsync("api/stacks/{name}/open"),
        ["openStack 404 stack-not-found"] = p => p.PostAsync("api/stacks/none/open"),
        ["openStack 500 credentials-unreadable"] = p => p.WithoutKeysAsync(() => p.PostAsync("api/stacks/{name}/open", client: p.Ann)),
        ["checkName 200 application/json"] = p => p.GetAsync("api/check/free-lab"),
        ["checkName 200 application/json, taken"] = p => p.GetAsync("api/check/{name}"),
        ["askName 200 application/json"] = p => p.GetAsync("api/check?name=Jan%20de%20Vries"),
        ["getFigures 200 application/json"] = p => p.GetAsync("api/figures"),
        ["getFigures 403 not-allowed"] = p => p.AsStrangerAsync("GET", "api/figures"),
        ["getConnections 200 application/json"] = p => p.GetAsync("api/connections"),
        ["getConnections 403 not-allowed"] = p => p.AsStrangerAsync("GET", "api/connections"),
        ["getConnections 400 parameter-invalid"] = p => p.GetAsync("api/connections?fresh=please"),
        ["getHealth 200 application/json"] = p => p.GetAsync("health"),
        ["getHealth 503 application/json"] = p => p.InTroubleAsync(TroubledPortal.Locked, () => p.GetAsync("health")),
        ["getHealth 500 internal-error"] = p => p.InTroubleAsync(new InvalidOperationException("SELECT secret"), () => p.GetAsync("health")),
        ["getLife 200 application/json"] = p => p.GetAsync("health/live"),
        ["getReadiness 200 application/json"] = p => p.GetAsync("health/ready"),
        ["getReadiness 503 application/json"] = p => p.WhileStartingAsync("health/ready"),
        ["getDns 200 application/json"] = p => p.WithWildcardAsync("GET", "api/dns"),
        ["getDns 403 not-allowed"] = p => p.AsStrangerAsync("GET", "api/dns"),
        ["listPeople 200 application/json"] = async p =>
        {
            await p.SignInAsync("usr_listed");
            return await p.GetAsync("api/people?take=1");
        },
        ["listPeople 400 parameter-invalid"] = p => p.GetAsync("api/people?take=0"),
        ["listPeople 403 not-allowed"] = p => p.AsStrangerAsync("GET", "api/people"),
        ["handOverStack 204 -"] = async p =>
        {
            await p.SignInAsync("usr_heir");
            await p.EndedAsync("handed-lab");
            return await p.PostAsync("api/stacks/handed-lab/owner", new { personId = "usr_heir" });
        },
        ["handOverStack 400 malformed-request"] = p => p.PostAsync("api/stacks/{name}/owner", new StringContent("{", Encoding.UTF8, "application/json")),
        ["handOverStack 403 not-allowed"] = p => p.AsStrangerAsync("POST", "api/stacks/{name}/owner", new { personId = "usr_heir" }),
        ["handOverStack 404 stack-not-found"] = p => p.PostAsync("api/stacks/none/owner", new { personId = "usr_heir" }),
        ["handOverStack 404 person-not-found"] = p => p.PostAsync("api/stacks/{name}/owner", new { personId = "usr_none" }),
        ["handOverStack 409 stack-busy"] = p => p.WhileHeldAsync("project.create", async _ =>
        {
            await p.SignInAsync("usr_waiting");
            await p.Bob.StartAsync("held-lab");
            return await p.PostAsync("api/stacks/held-lab/owner", new { personId = "usr_waiting" });
        }),
        ["handOverStack 413 too-large"] = p =>
            p.PostAsync("api/stacks/{name}/owner", new StringContent($"{{\"personId\":\"{new string('x', 5_000_000)}\"}}", Encoding.UTF8, "application/json")),
        ["handOverStack 415 unsupported-media-type"] = p => p.PostAsync("api/stacks/{name}/owner", new StringContent("usr_heir", Encoding.UTF8, "text/plain")),
        ["listAudit 200 application/json"] = p => p.GetAsync("api/audit?take=1&way=rest&outcome=done&from=2026-01-01T00:00:00Z"),
        ["listAudit 200 text/csv"] = p => p.GetAsync("api/audit", "text/csv"),
        ["listAudit 200 application/jsonl"] = p => p.GetAsync("api/audit?format=jsonl"),
        ["listAudit 400 parameter-invalid"] = p => p.GetAsync("api/audit?way=telepathy"),
        ["listAudit 400 parameter-invalid, no moment"] = p => p.GetAsync("api/audit?from=yesterday"),
        ["listAudit 403 not-allowed"] = p => p.AsStrangerAsync("GET", "api/audit"),
        ["repairDns 200 application/json"] = p => Repair(p, FakeWildcard.Correct),
        ["repairDns 403 not-allowed"] = p => p.AsStrangerAsync("POST", "api/dns/repair"),
    };

    static OpenApiAnswersTests()
    {
        foreach (var (answer, ask) in OfRollouts.Concat(OfStacks))
        {
            Table[answer] = ask;
        }
        foreach (var (id, method, path, body) in Calls)
        {
            Table[$"{id} 401 not-signed-in"] = p => p.SignedOutAsync(method, path, body);
            Table[$"{id} 403 host-not-allowed"] = p => p.SendAsync(method, path, headers: ("Host", "evil.example.org"));
            Table[$"{id} 403 origin-not-allowed"] = p => p.SendAsync(method, path, headers: ("Origin", "https://evil.example.org"));
            Table[$"{id} 429 too-many-requests"] = p => p.TooOftenAsync(method, path, body);
            if (id is not ("getConnections" or "getDns" or "repairDns"))
            {
                Table[$"{id} 500 internal-error"] = p => p.InTroubleAsync(new InvalidOperationException("SELECT secret"), () => p.SendAsync(method, path, body, p.Ann));
                Table[$"{id} 503 storage-unavailable"] = p => p.InTroubleAsync(TroubledPortal.Locked, () => p.SendAsync(method, path, body, p.Ann));
            }
        }
        AddCare();
        foreach (var id in (string[])["startDeployment", "retryDeployment", "deleteStack", "operateStack", "changeStackVariables"])
        {
            var (_, method, path, body) = Calls.Single(call => call.Id == id);
            Table[$"{id} 503 under-maintenance"] = p => p.InMaintenanceAsync(() => p.SendAsync(method, path, body, p.Ann));
        }
        foreach (var cause in DnsApi.Obstacles)
        {
            Table[$"repairDns 409 {cause.ToWire()}"] = p => Repair(p, new WildcardChange.NotPossible(new ConnectionResult(ConnectionTarget.WildcardDns, cause)));
        }
        foreach (var cause in DnsApi.Faults)
        {
            Table[$"repairDns 502 {cause.ToWire()}"] = p => Repair(p, new WildcardChange.Failed(new ConnectionResult(ConnectionTarget.WildcardDns, cause), true));
        }
    }

    public static TheoryData<string> Answers => [.. Table.Keys];

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task An_answer_is_as_documented(string answer)
    {
        using var response = await Table[answer](portals);

        Assert.Equal(answer.Split(',')[0], await portals.Contract.CheckAsync(response));
        Assert.DoesNotContain("SELECT", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_documented_answer_is_provoked() => Assert.Equal(
        portals.Contract.Promised().Except(Unprovoked).Order(), Table.Keys.Where(key => !key.Contains(',', StringComparison.Ordinal)).Order());

    private static Task<HttpResponseMessage> Repair(AnsweringPortals portals, WildcardChange result)
    {
        portals.Wildcard.Result = result;
        return portals.WithWildcardAsync("POST", "api/dns/repair");
    }
}
