using System.Text;
using AiStackDeployer.Tests.TestKit;

namespace AiStackDeployer.Tests.Api;

/// <content>A stack's words, its owner's variables, and keeping it.</content>
public sealed partial class OpenApiAnswersTests
{
    private static readonly Dictionary<string, Func<AnsweringPortals, Task<HttpResponseMessage>>> OfStacks = new()
    {
        ["describeStack 204 -"] = p => p.SendAsync("PATCH", "api/stacks/{name}", new { label = "A lab" }, p.Ann),
        ["describeStack 400 parameter-invalid"] = p => p.SendAsync("PATCH", "api/stacks/{name}", new { label = new string('x', 81) }, p.Ann),
        ["describeStack 400 malformed-request"] = p => p.SendAsync("PATCH", "api/stacks/{name}", new StringContent("{", Encoding.UTF8, "application/json"), p.Ann),
        ["describeStack 403 not-allowed"] = p => p.AsStrangerAsync("PATCH", "api/stacks/{name}", new { label = "A lab" }),
        ["describeStack 404 stack-not-found"] = p => p.SendAsync("PATCH", "api/stacks/none", new { label = "A lab" }),
        ["describeStack 413 too-large"] = p => p.SendAsync("PATCH", "api/stacks/{name}", new { label = new string('x', 5_000_000) }),
        ["describeStack 415 unsupported-media-type"] = p => p.SendAsync("PATCH", "api/stacks/{name}", new StringContent("x")),
        ["listStackVariables 200 application/json"] = p => p.GetAsync("api/stacks/{name}/environment", client: p.Ann),
        ["listStackVariables 403 not-allowed"] = p => p.AsStrangerAsync("GET", "api/stacks/{name}/environment"),
        ["listStackVariables 404 stack-not-found"] = p => p.GetAsync("api/stacks/none/environment"),
        ["listStackVariables 500 credentials-unreadable"] = async p =>
        {
            await p.EndedAsync("keys-lab");
            using var begun = await p.SendAsync("PATCH", "api/stacks/keys-lab/environment", new { set = new { TEAM = "x" } }, p.Bob);
            await p.FollowAsync((await begun.ReadJsonAsync()).Text("deploymentId"));
            return await p.WithoutKeysAsync(() => p.GetAsync("api/stacks/keys-lab/environment"));
        },
        ["changeStackVariables 202 application/json"] = async p =>
        {
            await p.EndedAsync("vars-lab");
            return await p.SendAsync("PATCH", "api/stacks/vars-lab/environment", new { set = new { TEAM = "x" } }, p.Bob);
        },
        ["changeStackVariables 400 malformed-request"] = p => p.SendAsync("PATCH", "api/stacks/{name}/environment", new StringContent("{", Encoding.UTF8, "application/json"), p.Ann),
        ["changeStackVariables 400 variable-refused"] = p => p.SendAsync("PATCH", "api/stacks/{name}/environment", new { set = new Dictionary<string, string> { ["STACK_NAME"] = "x" } }, p.Ann),
        ["changeStackVariables 400 idempotency-key-invalid"] = p => p.SendAsync("PATCH", "api/stacks/{name}/environment", new { }, p.Ann, ("Idempotency-Key", new string('k', 201))),
        ["changeStackVariables 403 not-allowed"] = p => p.AsStrangerAsync("PATCH", "api/stacks/{name}/environment", new { }),
        ["changeStackVariables 404 stack-not-found"] = p => p.SendAsync("PATCH", "api/stacks/none/environment", new { }),
        ["changeStackVariables 409 stack-busy"] = p => p.WhileHeldAsync("project.create", async _ =>
        {
            await p.Bob.StartAsync("early-lab");
            return await p.SendAsync("PATCH", "api/stacks/early-lab/environment", new { }, p.Bob);
        }),
        ["changeStackVariables 413 too-large"] = p => p.SendAsync("PATCH", "api/stacks/{name}/environment", new { set = new { TEAM = new string('x', 5_000_000) } }),
        ["changeStackVariables 415 unsupported-media-type"] = p => p.SendAsync("PATCH", "api/stacks/{name}/environment", new StringContent("x")),
        ["changeStackVariables 422 idempotency-key-reused"] = async p =>
        {
            await p.EndedAsync("again-lab");
            using var first = await p.SendAsync("PATCH", "api/stacks/again-lab/environment", new { }, p.Bob, ("Idempotency-Key", "variables-once"));
            return await p.SendAsync("PATCH", "api/stacks/{name}/environment", new { }, p.Bob, ("Idempotency-Key", "variables-once"));
        },
        ["keepStack 204 -"] = p => p.OperateAsync("{name}/keep?hours=8"),
        ["keepStack 400 parameter-invalid"] = p => p.OperateAsync("{name}/keep?hours=0"),
        ["keepStack 403 not-allowed"] = p => p.AsStrangerAsync("POST", "api/stacks/{name}/keep?hours=8"),
        ["keepStack 404 stack-not-found"] = p => p.OperateAsync("none/keep?hours=8"),
        ["keepStack 409 stack-busy"] = p => p.WhileHeldAsync("project.create", async _ =>
        {
            await p.Bob.StartAsync("being-lab");
            return await p.OperateAsync("being-lab/keep?hours=8");
        }),
    };
}
