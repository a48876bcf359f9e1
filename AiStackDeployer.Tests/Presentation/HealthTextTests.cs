using System.Globalization;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Web.Components;
using AiStackDeployer.Web.Presentation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace AiStackDeployer.Tests.Presentation;

public sealed class HealthTextTests
{
    private static readonly DateTimeOffset Since = new(2026, 3, 1, 9, 12, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Since.AddMinutes(30));
    private readonly HealthText _text;
    private readonly DeploymentText _deployments;

    public HealthTextTests()
    {
        var services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(_time).AddPortalTexts().BuildServiceProvider();
        (_text, _deployments) = (services.GetRequiredService<HealthText>(), services.GetRequiredService<DeploymentText>());
    }

    public static TheoryData<string> Languages => ["en", "nl"];

    [Theory]
    [InlineData("en", "Ready · not checked yet", "Ready · answered 2 min ago", "Not answering since 09:12", "Missing in Dokploy since 09:12")]
    [InlineData("nl", "Klaar · nog niet gecontroleerd", "Klaar · reageerde 2 min geleden", "Reageert niet sinds 09:12", "Weg in Dokploy sinds 09:12")]
    public void A_chip_says_whether_it_works_and_since_when(string language, params string[] words)
    {
        Speak(language);
        StackHealth[] healths =
        [
            StackHealth.Unknown,
            new(HealthState.Answering, Since, _time.GetUtcNow().AddMinutes(-2)),
            new(HealthState.NotAnswering, Since, null, AddressLayer.Http),
            new(HealthState.Missing, Since, null, AddressLayer.Http, MissingPart.Project),
        ];

        Assert.Equal(words, healths.Select(h => _text.Chip(h).Word));
        Assert.Equal([Tone.Quiet, Tone.Ready, Tone.Failed, Tone.Failed], healths.Select(h => _text.Chip(h).Tone));
    }

    [Fact]
    public void A_day_that_is_over_is_named()
    {
        Speak("en");
        _time.Advance(TimeSpan.FromDays(1));

        Assert.Equal("Not answering since 1 March 09:12", _text.Failing(new StackHealth(HealthState.NotAnswering, Since, null, AddressLayer.Dns)));
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public void Each_layer_and_each_missing_part_has_a_cause_advice_and_a_line_of_the_log(string language)
    {
        Speak(language);
        var layers = Enum.GetValues<AddressLayer>().Select(l => (Health: new StackHealth(HealthState.NotAnswering, Since, null, l), Log: LogCode.StackSilent, Detail: l.ToString()));
        var parts = Enum.GetValues<MissingPart>().Select(p => (Health: new StackHealth(HealthState.Missing, Since, null, AddressLayer.Http, p), Log: LogCode.StackMissing, Detail: p.ToString()));

        Assert.All(layers.Concat(parts), row =>
        {
            Assert.Matches("^[A-Z].*[.]$", _text.Cause(row.Health));
            Assert.Matches("^[A-Z].*[.]$", _text.Advice(row.Health));
            Assert.EndsWith(_text.Cause(row.Health)!, _deployments.Log(Line(row.Log, row.Detail)), StringComparison.Ordinal);
        });
        Assert.All(Enum.GetValues<HealthState>(), state => Assert.Matches("^[A-Z]", _text.Word(state)));
        Assert.Null(_text.Cause(StackHealth.AnsweringSince(Since)));
    }

    private static DeploymentEvent Line(LogCode code, string? detail) => new()
    {
        DeploymentId = "dep_1", Sequence = 1, At = Since, Kind = DeploymentEventKind.Log, Phase = DeploymentPhase.Completed,
        Step = DeploymentStep.AwaitReadiness, Progress = 100, Log = code, Detail = detail,
    };

    private static void Speak(string language) =>
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(language);
}
