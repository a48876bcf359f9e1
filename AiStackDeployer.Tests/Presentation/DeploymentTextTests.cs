using System.Globalization;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Web.Components;
using AiStackDeployer.Web.Presentation;
using Microsoft.Extensions.DependencyInjection;

namespace AiStackDeployer.Tests.Presentation;

public sealed class DeploymentTextTests
{
    private readonly DeploymentText _text;
    private readonly DurationText _durations;

    public DeploymentTextTests()
    {
        var services = new ServiceCollection().AddLogging().AddPortalTexts().BuildServiceProvider();
        _text = services.GetRequiredService<DeploymentText>();
        _durations = services.GetRequiredService<DurationText>();
    }

    public static TheoryData<string> Languages => ["en", "nl"];

    [Theory]
    [MemberData(nameof(Languages))]
    public void Every_failure_has_a_reason_a_remedy_and_a_word_for_its_chip(string language)
    {
        Speak(language);
        foreach (var code in Enum.GetValues<FailureCode>())
        {
            Assert.All([_text.Failure(code), _text.Failure(code, "x:1"), _text.Remedy(code)], IsSentence);
            IsText(_text.FailureShort(code));
            Assert.InRange(_text.FailureShort(code).Length, 4, 24);
        }
    }

    [Fact]
    public void What_needs_an_administrator_names_one_in_its_remedy()
    {
        foreach (var code in Enum.GetValues<FailureCode>().Where(c => c.NeedsAdministrator()))
        {
            Speak("en");
            Assert.Contains("dministrator", _text.Remedy(code), StringComparison.Ordinal);
            Speak("nl");
            Assert.Contains("eheerder", _text.Remedy(code), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_two_languages_differ_for_every_failure()
    {
        foreach (var code in Enum.GetValues<FailureCode>())
        {
            Speak("en");
            var english = _text.Failure(code) + _text.Remedy(code);
            Speak("nl");
            Assert.NotEqual(english, _text.Failure(code) + _text.Remedy(code));
        }
    }

    [Fact]
    public void The_subject_is_named_where_the_sentence_has_room_for_it_and_nowhere_else()
    {
        Speak("en");
        Assert.Equal("The image a/b:1 does not exist in the registry.", _text.Failure(FailureCode.ImageNotFound, "a/b:1"));
        Assert.Equal("No server has enough free capacity.", _text.Failure(FailureCode.Unschedulable, "a/b:1"));
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public void Every_log_code_has_a_line(string language)
    {
        Speak(language);
        foreach (var code in Enum.GetValues<LogCode>())
        {
            IsText(_text.Log(Line(code, "2")));
        }
    }

    [Fact]
    public void A_raw_line_stays_as_it_is_even_with_braces()
    {
        Assert.Equal("{0} {\"a\":1}", _text.Log(Line(LogCode.Raw, "{0} {\"a\":1}")));
    }

    [Theory]
    [InlineData("en", 1, "Dokploy has been busy with another deployment since 1 March 09:00; yours is next")]
    [InlineData("en", 3, "Dokploy has been busy with another deployment since 1 March 09:00; yours is 3rd in line there")]
    [InlineData("nl", 3, "Dokploy is sinds 1 maart 09:00 bezig met een andere deployment; de jouwe is 3e in de rij daar")]
    public void A_deployment_behind_another_says_since_when_Dokploy_is_busy_with_that(string language, int place, string said)
    {
        Speak(language);
        var waits = Snapshots.At(DeploymentPhase.Running, DeploymentStep.AwaitDokploy, TimeSpan.Zero) with
        {
            DokployQueuePosition = place, DokployBusySince = new DateTimeOffset(2026, 3, 1, 9, 0, 0, TimeSpan.Zero),
        };

        Assert.Equal(said, _text.CurrentStep(waits));
    }

    [Fact]
    public void A_retry_tells_its_reason_in_words()
    {
        Speak("en");
        Assert.Equal("That did not work; trying again (Dokploy not responding)", _text.Log(Line(LogCode.Retrying, "dokploy-unreachable")));
    }

    [Theory]
    [InlineData("en", LogCode.TaskState, "Preparing", "Container: being prepared")]
    [InlineData("nl", LogCode.TaskState, "Preparing", "Container: wordt voorbereid")]
    [InlineData("nl", LogCode.TaskState, "Hibernating", "Container: Hibernating")]
    [InlineData("nl", LogCode.AddressNotYet, "http 502", "Het adres reageert nog niet (nog geen antwoord, 502)")]
    [InlineData("en", LogCode.AddressNotYet, "tcp", "The address does not respond yet (no connection)")]
    public void What_Docker_and_the_network_say_is_translated_where_it_is_known(string language, LogCode code, string detail, string said)
    {
        Speak(language);
        Assert.Equal(said, _text.Log(Line(code, detail)));
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public void Every_step_in_every_phase_has_a_sentence_a_colour_and_a_chip(string language)
    {
        Speak(language);
        foreach (var phase in Enum.GetValues<DeploymentPhase>())
        {
            foreach (var step in Enum.GetValues<DeploymentStep>())
            {
                foreach (var failure in new[] { null, new DeploymentFailure(FailureCode.TimedOut, step) })
                {
                    var snapshot = Snapshots.At(phase, step) with { Failure = failure };
                    IsText(_text.CurrentStep(snapshot));
                    IsText(_text.Chip(snapshot).Word);
                    Assert.NotEqual(Tone.Quiet, _text.Chip(snapshot).Tone);
                }
            }
        }
    }

    [Theory]
    [InlineData(StackState.Ready, "Ready", Tone.Ready)]
    [InlineData(StackState.Deleting, "Being deleted", Tone.Working)]
    [InlineData(StackState.DeleteFailed, "Not deleted", Tone.Failed)]
    [InlineData(StackState.Deleted, "Deleted", Tone.Stopped)]
    public void A_completed_deployment_says_what_became_of_its_stack(StackState state, string word, Tone tone)
    {
        Speak("en");
        var snapshot = Snapshots.At(DeploymentPhase.Completed, DeploymentStep.AwaitReadiness) with { StackState = state };

        Assert.Equal((word, tone), _text.Chip(snapshot));
        Assert.Equal(word, _text.CurrentStep(snapshot));
    }

    [Theory]
    [InlineData(StackState.Deleting, DeploymentPhase.Queued, "Waiting in line", Tone.Waiting)]
    [InlineData(StackState.Deleting, DeploymentPhase.Completed, "Being deleted", Tone.Working)]
    [InlineData(StackState.DeleteFailed, DeploymentPhase.Failed, "Not deleted", Tone.Failed)]
    [InlineData(StackState.DeleteFailed, DeploymentPhase.Cancelled, "Not deleted", Tone.Failed)]
    public void A_stack_that_is_deleted_or_could_not_be_says_so_in_the_list(StackState state, DeploymentPhase phase, string word, Tone tone)
    {
        Speak("en");
        Assert.Equal((word, tone), _text.Chip(Snapshots.Row(state, phase)));
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public void Every_row_and_outcome_has_its_words_and_every_step_a_row(string language)
    {
        Speak(language);
        foreach (var outcome in Enum.GetValues<StepOutcome>())
        {
            IsText(_text.Outcome(outcome));
            Assert.All(Enum.GetValues<StepRow>(), row => IsText(_text.Row(row, outcome)));
        }
        Assert.Equal(Enum.GetValues<StepRow>(), Enum.GetValues<DeploymentStep>().Select(StepRows.RowOf).Distinct());
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public void Every_row_of_the_stacks_list_has_a_chip(string language)
    {
        Speak(language);
        foreach (var state in Enum.GetValues<StackState>())
        {
            foreach (var phase in Enum.GetValues<DeploymentPhase>())
            {
                IsText(_text.Chip(Snapshots.Row(state, phase)).Word);
            }
        }
    }

    [Fact]
    public void Every_tone_has_a_class_a_colour_and_a_shape_of_its_own()
    {
        var tones = Enum.GetValues<Tone>();
        Assert.Equal(tones.Length, tones.Select(t => t.ToCss()).Distinct().Count());
        Assert.Equal(tones.Length, tones.Select(t => t.ToColor()).Distinct().Count());
        Assert.Equal(tones.Length, tones.Select(t => t.ToIcon()).Distinct().Count());
    }

    [Theory]
    [InlineData("en", 1, "1st")]
    [InlineData("en", 2, "2nd")]
    [InlineData("en", 3, "3rd")]
    [InlineData("en", 11, "11th")]
    [InlineData("en", 22, "22nd")]
    [InlineData("en", 112, "112th")]
    [InlineData("nl", 2, "2e")]
    public void Places_are_said_as_people_say_them(string language, int place, string said)
    {
        Speak(language);
        Assert.Equal(said, Ordinals.Of(place));
    }

    [Theory]
    [InlineData("en", 0.3, "0.3 s")]
    [InlineData("nl", 0.3, "0,3 s")]
    [InlineData("en", 9.94, "9.9 s")]
    [InlineData("en", 9.96, "10 s")]
    [InlineData("en", 59.6, "60 s")]
    [InlineData("en", 120, "2 min")]
    [InlineData("nl", 7200, "2 u")]
    [InlineData("en", 7200, "2 h")]
    [InlineData("en", 259200, "3 d")]
    [InlineData("en", -1, "0.0 s")]
    public void Durations_are_said_as_people_say_them(string language, double seconds, string said)
    {
        Speak(language);
        Assert.Equal(said, _durations.Exact(TimeSpan.FromSeconds(seconds)));
    }

    [Theory]
    [InlineData("en", 8.2, "8 seconds")]
    [InlineData("en", 0.2, "1 second")]
    [InlineData("nl", 1.2, "1 seconde")]
    [InlineData("en", 60, "60 seconds")]
    [InlineData("en", 91, "2 minutes")]
    [InlineData("nl", 91, "2 minuten")]
    public void Durations_in_a_sentence_are_words(string language, double seconds, string said)
    {
        Speak(language);
        Assert.Equal(said, _durations.Words(TimeSpan.FromSeconds(seconds)));
    }

    private static DeploymentEvent Line(LogCode code, string detail) => new()
    {
        DeploymentId = "dep_1", Sequence = 1, At = default, Kind = DeploymentEventKind.Log, Phase = DeploymentPhase.Running,
        Step = DeploymentStep.ClaimName, Progress = 0, Log = code, Detail = detail,
    };

    private static void Speak(string language) =>
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(language);

    /// <summary>A missing key comes back as the key itself.</summary>
    private static void IsText(string text)
    {
        Assert.False(string.IsNullOrWhiteSpace(text));
        Assert.DoesNotMatch("^(step|row|state|failure|log|outcome|unit|task|layer)-", text);
        Assert.DoesNotContain("{0}", text, StringComparison.Ordinal);
    }

    private static void IsSentence(string text)
    {
        IsText(text);
        Assert.EndsWith(".", text, StringComparison.Ordinal);
    }
}
