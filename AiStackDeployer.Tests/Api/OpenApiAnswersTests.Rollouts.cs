using System.Text;
using AiStackDeployer.Tests.TestKit;

namespace AiStackDeployer.Tests.Api;

/// <content>Roll-outs of an image.</content>
public sealed partial class OpenApiAnswersTests
{
    private static readonly Dictionary<string, Func<AnsweringPortals, Task<HttpResponseMessage>>> OfRollouts = new()
    {
        ["getRollout 200 application/json"] = p => p.GetAsync("api/admin/rollout"),
        ["getRollout 403 not-allowed"] = p => p.AsStrangerAsync("GET", "api/admin/rollout"),
        ["previewRollout 200 application/json"] = p => p.GetAsync("api/admin/rollout/preview?image=img:2&openCode=2"),
        ["previewRollout 400 parameter-invalid"] = p => p.GetAsync("api/admin/rollout/preview?image=img:2&openCode=two"),
        ["previewRollout 403 not-allowed"] = p => p.AsStrangerAsync("GET", "api/admin/rollout/preview?image=img:2"),
        ["startRollout 200 application/json"] = p => p.RolledOutAsync("first-roll", started => Task.FromResult(started)),
        ["startRollout 400 malformed-request"] = p => p.PostAsync("api/admin/rollout", new StringContent("{", Encoding.UTF8, "application/json")),
        ["startRollout 403 not-allowed"] = p => p.AsStrangerAsync("POST", "api/admin/rollout", new { image = "img:2" }),
        ["startRollout 409 rollout-refused"] = p => p.PostAsync("api/admin/rollout", new { image = "no-tag" }),
        ["startRollout 413 too-large"] = p => p.PostAsync("api/admin/rollout", new { image = new string('x', 5_000_000) }),
        ["startRollout 415 unsupported-media-type"] = p => p.PostAsync("api/admin/rollout", new StringContent("img:2")),
        ["changeRollout 200 application/json"] = p => p.RolledOutAsync("second-roll", async started =>
            await p.PostAsync($"api/admin/rollout/{(await started.ReadJsonAsync()).Text("id")}/cancel")),
        ["changeRollout 400 parameter-invalid"] = p => p.PostAsync("api/admin/rollout/req_none/explode"),
        ["changeRollout 403 not-allowed"] = p => p.AsStrangerAsync("POST", "api/admin/rollout/req_none/pause"),
        ["changeRollout 404 rollout-not-found"] = p => p.PostAsync("api/admin/rollout/req_none/pause"),
        ["changeRollout 409 rollout-not-now"] = p => p.RolledOutAsync("third-roll", async started =>
            await p.PostAsync($"api/admin/rollout/{(await started.ReadJsonAsync()).Text("id")}/resume")),
    };
}
