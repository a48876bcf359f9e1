using System.Globalization;
using AiStackDeployer.Core.Connections;
using AiStackDeployer.Web.Components;
using AiStackDeployer.Web.Presentation;
using Microsoft.Extensions.DependencyInjection;

namespace AiStackDeployer.Tests.Presentation;

public sealed class ConnectionTextTests
{
    private static readonly ConnectionFacts AllFacts = new()
    {
        Host = "check.ai.example.org", Version = "0.30.2", ExpectedVersion = "0.25", Role = "owner", Missing = ["one", "two."], Calls = 5, Waiting = 2,
        Since = Snapshots.Start, Expires = Snapshots.Start, Issuer = "R10", Names = ["a.test"], Addresses = ["192.0.2.1"],
        ExpectedAddresses = ["192.0.2.2"], HttpStatus = 502, FreeBytes = 5L << 30,
    };

    private readonly ConnectionText _text =
        new ServiceCollection().AddLogging().AddPortalTexts().BuildServiceProvider().GetRequiredService<ConnectionText>();

    [Theory]
    [InlineData("en")]
    [InlineData("nl")]
    public void Every_cause_has_a_sentence_and_whatever_is_not_well_a_remedy(string language)
    {
        Speak(language);
        foreach (var cause in Enum.GetValues<ConnectionCause>())
        {
            var result = new ConnectionResult(ConnectionTarget.Dokploy, cause) { Facts = AllFacts };
            IsSentence(_text.Cause(result));
            if (result.Verdict is ConnectionVerdict.Bad or ConnectionVerdict.Doubtful)
            {
                Assert.NotNull(_text.Remedy(result));
            }
            if (_text.Remedy(result) is { } remedy)
            {
                IsSentence(remedy);
            }
            // And with no fact known there is still no hole in it.
            Assert.DoesNotMatch(@"\{|\(\)|  | [.,;:)]", _text.Cause(result with { Facts = ConnectionFacts.None }));
        }
    }

    [Theory]
    [InlineData("en")]
    [InlineData("nl")]
    public void Every_target_and_verdict_has_a_name(string language)
    {
        Speak(language);
        Assert.All(Enum.GetValues<ConnectionTarget>(), t => Assert.DoesNotContain("target-", _text.Name(t), StringComparison.Ordinal));
        Assert.All(Enum.GetValues<ConnectionCause>(), cause => Assert.DoesNotContain("verdict-", _text.Verdict(new ConnectionResult(ConnectionTarget.Dokploy, cause)), StringComparison.Ordinal));
    }

    [Fact]
    public void The_two_languages_differ_for_every_cause()
    {
        foreach (var cause in Enum.GetValues<ConnectionCause>())
        {
            var result = new ConnectionResult(ConnectionTarget.Dokploy, cause) { Facts = AllFacts };
            Speak("en");
            var english = _text.Cause(result) + _text.Remedy(result);
            Speak("nl");
            Assert.NotEqual(english, _text.Cause(result) + _text.Remedy(result));
        }
    }

    [Fact]
    public void A_suspicion_is_called_one_and_knowledge_is_not()
    {
        Speak("en");
        string Said(ConnectionCause cause) => _text.Cause(new ConnectionResult(ConnectionTarget.DokployRateLimit, cause) { Facts = AllFacts });

        Assert.StartsWith("Suspected:", Said(ConnectionCause.RateLimitLikely), StringComparison.Ordinal);
        Assert.StartsWith("Known:", Said(ConnectionCause.RateLimitExcluded), StringComparison.Ordinal);
        Assert.StartsWith("Not known", Said(ConnectionCause.RateLimitNotKnownYet), StringComparison.Ordinal);
    }

    [Fact]
    public void One_call_is_not_said_to_be_several()
    {
        Speak("en");
        Assert.All(
            [ConnectionCause.RateLimitLikely, ConnectionCause.RateLimitNotKnownYet],
            cause => Assert.DoesNotMatch(
                @"\b1 (accepted )?(times|calls)",
                _text.Cause(new ConnectionResult(ConnectionTarget.DokployRateLimit, cause) { Facts = AllFacts with { Calls = 1 } })));
    }

    [Theory]
    [InlineData("en", "The certificate at check.ai.example.org (192.0.2.1) expired on 1 March 2026.")]
    [InlineData("nl", "Het certificaat op check.ai.example.org (192.0.2.1) is verlopen op 1 maart 2026.")]
    public void Dates_are_said_as_the_reader_does(string language, string sentence)
    {
        Speak(language);
        Assert.Equal(sentence, _text.Cause(new ConnectionResult(ConnectionTarget.StackCertificate, ConnectionCause.CertificateExpired) { Facts = AllFacts }));
    }

    [Theory]
    [InlineData("en", 0.2, "1 ms")]
    [InlineData("en", 44.4, "44 ms")]
    [InlineData("nl", 1234, "1,2 s")]
    public void Latencies_are_short(string language, double milliseconds, string said)
    {
        Speak(language);
        Assert.Equal(said, ConnectionText.Latency(
            new ConnectionResult(ConnectionTarget.Dokploy, ConnectionCause.DokployAnswers) { Latency = TimeSpan.FromMilliseconds(milliseconds) }));
    }

    [Fact]
    public void Wire_names_are_what_scripts_switch_on()
    {
        Assert.Equal(
            ["settings", "dokploy", "dokploy-key", "dokploy-permissions", "dokploy-rate-limit", "dokploy-queue", "hetzner-token", "hetzner-zone", "wildcard-dns", "stack-certificate", "portal-address", "portal-site", "database", "mail"],
            Enum.GetValues<ConnectionTarget>().Select(t => t.ToWire()));
        Assert.Equal(["good", "doubtful", "bad", "not-configured", "not-checked"], Enum.GetValues<ConnectionVerdict>().Select(v => v.ToWire()));
    }

    private static void Speak(string language) => CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(language);

    private static void IsSentence(string text)
    {
        // Some begin with a host's name, which is written small.
        Assert.Matches(@"(?s)^(\p{Lu}|check\.).*\.$", text);
        Assert.DoesNotContain("{", text, StringComparison.Ordinal);
        Assert.DoesNotContain("  ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("-remedy", text, StringComparison.Ordinal);
    }
}
