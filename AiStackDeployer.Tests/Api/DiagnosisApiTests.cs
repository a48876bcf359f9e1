using System.IO.Compression;
using System.Net.Http.Json;
using AiStackDeployer.Core.Audit;
using AiStackDeployer.DokployEmulator;
using AiStackDeployer.Tests.TestKit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AiStackDeployer.Tests.Api;

public sealed class DiagnosisApiTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("en", "does not exist in the registry")]
    [InlineData("nl", "bestaat niet in de registry")]
    public async Task A_failure_is_explained_in_the_callers_language_with_its_evidence(string language, string cause)
    {
        portal.Emulator.World.Outcomes.Set("ai-stack-diagnose", ImageOutcome.MissingImage);
        var person = portal.NewPerson(language);
        var id = (await person.StartAsync($"diagnose-{language}")).Text("deploymentId");
        await using (var events = await EventReader.OpenAsync(person, id))
        {
            Assert.Equal("error", (await events.RestAsync())[^1].Type);
        }

        var answer = await person.GetJsonAsync($"api/deployments/{id}/diagnosis");

        Assert.Equal((id, "failed", "image-not-found"), (answer.Text("deploymentId"), answer.Text("status"), answer.Text("code")));
        Assert.Contains(cause, answer.Text("cause"), StringComparison.Ordinal);
        Assert.NotEmpty(answer.Text("advice"));
        Assert.True(answer["needsAdministrator"]!.GetValue<bool>());
        Assert.NotEmpty(answer["evidence"]!.AsArray());
        Assert.Contains(answer["rawLines"]!.AsArray(), line => line!.GetValue<string>().Contains("manifest", StringComparison.OrdinalIgnoreCase));
        Assert.NotEmpty(answer["log"]!.AsArray());
        Assert.Matches("^[0-9a-f]{32}$", answer.Text("traceId"));
        Assert.DoesNotContain("usr_", answer.ToJsonString(), StringComparison.Ordinal);

        var ofStack = await person.GetJsonAsync($"api/stacks/diagnose-{language}/diagnosis");

        Assert.Equal(
            (id, "found", "image-not-found", "administrator", "retry"),
            (ofStack.Text("deploymentId"), ofStack.Text("verdict"), ofStack.Text("code"), ofStack.Text("by"), ofStack.Text("act")));
        Assert.Contains(cause, ofStack.Text("cause"), StringComparison.Ordinal);
        Assert.Contains("manifest unknown", ofStack["evidence"]!.Text("text"), StringComparison.Ordinal);
        Assert.Equal(10, ofStack["sources"]!.AsArray().Count);
    }

    [Fact]
    public async Task The_bundle_tells_what_happened_and_no_secret_of_any_source()
    {
        var person = portal.NewPerson("en");
        await EndAsync(person, (await person.StartAsync("bundle-lab")).Text("deploymentId"), "complete");
        var password = (await person.GetJsonAsync("api/stacks/bundle-lab/credentials")).Text("password");
        using (var set = await person.PatchAsJsonAsync("api/stacks/bundle-lab/environment", new { set = new Dictionary<string, string> { ["PROVIDER_KEY"] = "own-value-4711" } }, Token))
        {
            await EndAsync(person, (await set.ReadJsonAsync()).Text("deploymentId"), "complete");
        }
        var key = portal.Services.GetRequiredService<IConfiguration>()["DOKPLOY_API_TOKEN"]!;
        string[] secrets = [password, "own-value-4711", key, "ghp_0123456789abcdefghij", "c00kie-4711", "query-4711", "assigned-4711", "user-4711", "bearer-4711"];
        portal.Emulator.World.Outcomes.ContainerLog = string.Join(
            '\n', $"password is {password}", "PROVIDER own-value-4711", $"portal {key}", "ghp_0123456789abcdefghij", "Cookie: a=c00kie-4711; b=2", "GET /session?auth_token=query-4711&x=1 200",
            "API_KEY=assigned-4711", "https://user-4711:p@example.org/", "Authorization: Bearer bearer-4711", "database is locked");
        portal.Emulator.World.Outcomes.Set("ai-stack-bundle-lab", ImageOutcome.CrashLoop);
        using (var again = await person.PostAsync("api/stacks/bundle-lab/operations/redeploy", null, Token))
        {
            await EndAsync(person, (await again.ReadJsonAsync()).Text("deploymentId"), "error");
        }

        using var answer = await person.GetAsync("api/stacks/bundle-lab/support-bundle", Token);

        Assert.Equal("application/zip", answer.Content.Headers.ContentType!.MediaType);
        Assert.Matches("^\"?support-bundle-lab-[0-9-]+[.]zip", answer.Content.Headers.ContentDisposition!.FileName);
        await using var zip = new ZipArchive(await answer.Content.ReadAsStreamAsync(Token));
        var files = new Dictionary<string, string>();
        foreach (var entry in zip.Entries)
        {
            using var reader = new StreamReader(await entry.OpenAsync(Token));
            files[entry.Name] = await reader.ReadToEndAsync(Token);
        }
        Assert.Equal(
            ["README.txt", "container.txt", "diagnosis.txt", "evidence.txt", "health.txt", "operations.txt", "portal.txt", "stack.txt", "tasks.txt"], files.Keys.Order(StringComparer.Ordinal));
        var all = string.Join('\n', files.Values);
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, all, StringComparison.Ordinal));
        Assert.All(files.Keys.Where(file => file != "README.txt"), file => Assert.Contains(file + ": ", files["README.txt"], StringComparison.Ordinal));
        Assert.Contains("database is locked", files["container.txt"], StringComparison.Ordinal);
        Assert.Contains("redeploy", files["operations.txt"], StringComparison.Ordinal);
        Assert.Contains("variables: PROVIDER_KEY", files["stack.txt"], StringComparison.Ordinal);
        Assert.Contains("DOKPLOY_API_TOKEN is set", files["portal.txt"], StringComparison.Ordinal);
        var recorded = await portal.Services.GetRequiredService<IAuditLog>().ReadAsync(new AuditQuery { Action = "support.bundle", Take = 5 }, Token);
        Assert.Equal(AuditOutcome.Done, Assert.Single(recorded).Outcome);
    }

    private static async Task EndAsync(HttpClient person, string id, string end)
    {
        await using var events = await EventReader.OpenAsync(person, id);
        Assert.Equal(end, (await events.RestAsync())[^1].Type);
    }

    [Fact]
    public async Task An_unknown_deployment_has_none()
    {
        using var answer = await portal.NewPerson().GetAsync("api/deployments/dep_1_nobody/diagnosis", Token);

        await answer.AssertProblemAsync(404, "deployment-not-found");
    }
}
