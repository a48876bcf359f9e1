using System.Globalization;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Diagnoses;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Web.Components;
using AiStackDeployer.Web.Presentation;
using Microsoft.Extensions.DependencyInjection;

namespace AiStackDeployer.Tests.Presentation;

public sealed class DiagnosisTextTests
{
    private readonly DiagnosisText _text =
        new ServiceCollection().AddLogging().AddPortalTexts().BuildServiceProvider().GetRequiredService<DiagnosisText>();

    [Theory]
    [InlineData("en")]
    [InlineData("nl")]
    public void Every_diagnosis_has_a_cause_and_advice(string language)
    {
        Speak(language);
        foreach (var code in Enum.GetValues<DiagnosisCode>())
        {
            var diagnosis = Some(code) with
            {
                Health = code switch
                {
                    DiagnosisCode.NotAnswering => new StackHealth(HealthState.NotAnswering, DateTimeOffset.UnixEpoch, null, AddressLayer.Tls),
                    DiagnosisCode.Missing => new StackHealth(HealthState.Missing, DateTimeOffset.UnixEpoch, null, AddressLayer.Http, MissingPart.Domain),
                    _ => null,
                },
            };

            Assert.Matches("^[A-Z].*[.]$", _text.Cause(diagnosis));
            Assert.Matches("^[A-Z].*[.]$", _text.Advice(diagnosis));
            Assert.DoesNotContain("diagnosis-", _text.Cause(diagnosis) + _text.Advice(diagnosis), StringComparison.Ordinal);
            Assert.Matches("^[a-z-]+$", DiagnosisText.Code(diagnosis));
        }
    }

    [Fact]
    public void A_failure_keeps_its_own_code_sentence_and_remedy()
    {
        Speak("en");
        var diagnosis = Some(DiagnosisCode.Failed);

        Assert.Equal("out-of-memory", DiagnosisText.Code(diagnosis));
        Assert.Equal("The container ran out of memory.", _text.Cause(diagnosis));
        Assert.StartsWith("An administrator has to raise the memory limit", _text.Advice(diagnosis), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, false, "No action needed. The name is free again.")]
    [InlineData(true, false, "No action needed. The name still belongs to its owner.")]
    [InlineData(true, true, "The name stays taken until the stack is deleted. An administrator has to remove what was left behind.")]
    public void What_is_advised_of_a_stopped_one_follows_what_became_of_its_name(bool isNameKept, bool isSomethingLeft, string advice)
    {
        Speak("en");
        var diagnosis = Some(DiagnosisCode.Cancelled) with { IsNameKept = isNameKept, LeftBehind = isSomethingLeft ? ["volume x"] : [] };

        Assert.Equal(advice, _text.Advice(diagnosis));
    }

    [Fact]
    public void Of_a_failed_one_that_was_tried_again_nothing_is_advised_but_the_later_try()
    {
        Speak("en");

        Assert.Equal(
            "A newer attempt has replaced this one.", _text.Advice(Some(DiagnosisCode.Failed) with { HasLaterTry = true }));
    }

    [Fact]
    public void Evidence_names_step_time_line_Dokploy_and_what_is_left()
    {
        var diagnosis = Some(DiagnosisCode.WaitingInDokploy) with
        {
            StepTook = TimeSpan.FromSeconds(12), Took = TimeSpan.FromSeconds(13.4), UsualMaxTime = TimeSpan.FromSeconds(9.5),
            Step = new StepSnapshot(DeploymentStep.AwaitDokploy, StepOutcome.Running, Snapshots.Start, null, TimeSpan.FromSeconds(0.5)),
            QueuePosition = 2, DokployQueuePosition = 3, OpenCodeVersion = "2.0.4", DokployAnswers = true, LeftBehind = ["volume x"],
        };

        Speak("en");
        Assert.Equal(
            [
                "Current step: Dokploy is preparing the container, for 12 seconds; usually 0.5 seconds",
                "It took 13 seconds in total; almost all others took at most 9.5 seconds",
                "Position in the portal's queue: 2",
                "Position in Dokploy's queue: 3",
                "OpenCode version: 2.0.4",
                "Dokploy responded to the portal's latest call",
                "Could not be removed: volume x",
            ],
            _text.Evidence(diagnosis));
        Speak("nl");
        Assert.Equal("Huidige stap: Dokploy bereidt de container voor, al 12 seconden; meestal 0,5 seconden", _text.Evidence(diagnosis)[0]);
        Assert.Equal("Het duurde in totaal 13 seconden; bijna alle andere duurden hooguit 9,5 seconden", _text.Evidence(diagnosis)[1]);
    }

    private static DeploymentDiagnosis Some(DiagnosisCode code) => new()
    {
        Code = code,
        Failure = code == DiagnosisCode.Failed ? new DeploymentFailure(FailureCode.OutOfMemory, DeploymentStep.AwaitContainer) : null,
        Obstacle = code == DiagnosisCode.Retrying ? FailureCode.DokployUnreachable : null,
        Step = new StepSnapshot(DeploymentStep.AwaitContainer, StepOutcome.Running, Snapshots.Start, null, null),
        IsSlow = false,
        LeftBehind = [],
        Log = [],
        NeedsAdministrator = false,
    };

    private static void Speak(string language) =>
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(language);
}
