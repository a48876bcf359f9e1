using System.Text;
using AiStackDeployer.DokployEmulator;

namespace AiStackDeployer.Tests.Api;

/// <content>What administrators decide for the whole portal, and see of it.</content>
public sealed partial class OpenApiAnswersTests
{
    private static readonly Dictionary<string, Func<AnsweringPortals, Task<HttpResponseMessage>>> Care = new()
    {
        ["listTrouble 200 application/json"] = async p =>
        {
            await p.EndedAsync("trouble-1", outcome: ImageOutcome.MissingImage);
            return await p.GetAsync("api/trouble");
        },
        ["getCare 200 application/json"] = p => WithCareAsync(p, () => p.GetAsync("api/care")),
        ["beginMaintenance 204 -"] = p => WithCareAsync(p, () => p.SendAsync("PUT", "api/care/maintenance", Maintenance(2))),
        ["beginMaintenance 400 parameter-invalid"] = p => p.SendAsync("PUT", "api/care/maintenance", Maintenance(-1)),
        ["setNotice 204 -"] = p => WithCareAsync(p, () => p.SendAsync("PUT", "api/care/notice", Notice(2))),
        ["setNotice 400 parameter-invalid"] = p => p.SendAsync("PUT", "api/care/notice", Notice(-1)),
        ["setPolicies 204 -"] = p => WithCareAsync(p, () => p.SendAsync("PUT", "api/care/policies", new { user = new { stacksPerPerson = 5 } })),
        ["setPolicies 400 parameter-invalid"] = p => p.SendAsync("PUT", "api/care/policies", new { user = new { image = "registry.test/stack:2" } }),
        ["endMaintenance 204 -"] = p => p.SendAsync("DELETE", "api/care/maintenance"),
        ["removeNotice 204 -"] = p => p.SendAsync("DELETE", "api/care/notice"),
    };

    private static void AddCare()
    {
        foreach (var (answer, call) in Care)
        {
            Table[answer] = call;
        }
        foreach (var (id, method, path, body) in Calls.Where(call => call.Path is "api/trouble" || call.Path.StartsWith("api/care", StringComparison.Ordinal)))
        {
            Table[$"{id} 403 not-allowed"] = p => p.AsStrangerAsync(method, path, body);
            if (method == "PUT")
            {
                Table[$"{id} 400 malformed-request"] = p => p.SendAsync(method, path, new StringContent("{", Encoding.UTF8, "application/json"));
                Table[$"{id} 413 too-large"] = p => p.SendAsync(method, path, new { en = new string('x', 5_000_000) });
                Table[$"{id} 415 unsupported-media-type"] = p => p.SendAsync(method, path, new StringContent("x"));
            }
        }
    }

    private static object Maintenance(int hours) => new { en = "Work.", nl = "Werk.", until = TimeProvider.System.GetUtcNow().AddHours(hours) };

    private static object Notice(int hours) => new { en = "News.", nl = "Nieuws.", severity = "warning", until = TimeProvider.System.GetUtcNow().AddHours(hours) };

    /// <summary>All of it is set, and afterwards it is as if nothing had been.</summary>
    private static async Task<HttpResponseMessage> WithCareAsync(AnsweringPortals portals, Func<Task<HttpResponseMessage>> answer)
    {
        foreach (var (_, method, path, body) in Calls.Where(call => call.Method == "PUT"))
        {
            (await portals.SendAsync(method, path, body)).Dispose();
        }
        try
        {
            return await answer();
        }
        finally
        {
            (await portals.SendAsync("DELETE", "api/care/maintenance")).Dispose();
            (await portals.SendAsync("DELETE", "api/care/notice")).Dispose();
            (await portals.SendAsync("PUT", "api/care/policies", new { })).Dispose();
        }
    }
}
