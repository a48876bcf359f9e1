using AiStackDeployer.DokployEmulator;
using AiStackDeployer.Tests.TestKit;

namespace AiStackDeployer.Tests.Api;

public sealed class DiagnosisApiTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    [Theory]
    [InlineData("en", "does not exist in the registry")]
    [InlineData("nl", "bestaat niet in de registry")]
    public async Task A_failure_is_explained_in_the_callers_language_with_its_evidence(string language, string cause)
    {
        portal.Emulator.World.Outcomes.Set("*", ImageOutcome.MissingImage);
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
    }

    [Fact]
    public async Task An_unknown_deployment_has_none()
    {
        using var answer = await portal.NewPerson().GetAsync("api/deployments/dep_1_nobody/diagnosis", TestContext.Current.CancellationToken);

        await answer.AssertProblemAsync(404, "deployment-not-found");
    }
}
