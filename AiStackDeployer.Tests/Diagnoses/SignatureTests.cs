using System.Globalization;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Diagnoses;
using AiStackDeployer.Web.Components;
using AiStackDeployer.Web.Presentation;
using Microsoft.Extensions.DependencyInjection;
using static AiStackDeployer.Tests.Diagnoses.SomeEvidence;

namespace AiStackDeployer.Tests.Diagnoses;

public sealed class SignatureTests
{
    private readonly SignText _text = new ServiceCollection().AddLogging().AddPortalTexts().BuildServiceProvider().GetRequiredService<SignText>();

    public static TheoryData<int, string> Rows => [.. SignatureRows.Match.Select((row, place) => (place, row.Code))];

    public static TheoryData<int, string> Misses => [.. SignatureRows.Miss.Select((row, place) => (place, row.NotCode))];

    [Theory]
    [MemberData(nameof(Rows))]
    public void What_it_looks_like_is_found_before_anything_else(int row, string code) =>
        Assert.Equal(code, StackDiagnosis.Of(SignatureRows.Match[row].Evidence, isWhole: true).Findings.Select(f => f.Signature.Code).FirstOrDefault());

    [Theory]
    [MemberData(nameof(Misses))]
    public void What_looks_nearly_like_it_is_something_else(int row, string code)
    {
        Assert.Contains(code, Signatures.All.Select(s => s.Code));
        Assert.DoesNotContain(code, StackDiagnosis.Of(SignatureRows.Miss[row].Evidence, isWhole: true).Findings.Select(f => f.Signature.Code));
    }

    [Fact]
    public void Every_signature_has_a_row_and_a_name_of_its_own()
    {
        Assert.Equal(Signatures.All.Select(s => s.Code).Order(), SignatureRows.Match.Select(row => row.Code).Distinct().Order());
        Assert.Distinct(Signatures.All.Select(s => s.Code));
        Assert.True(Signatures.All.Count >= 25);
    }

    [Theory]
    [InlineData("en")]
    [InlineData("nl")]
    public void Every_signature_has_its_words_and_none_lacks_its_subject(string language)
    {
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(language);
        foreach (var (code, evidence) in SignatureRows.Match)
        {
            var found = StackDiagnosis.Of(evidence, isWhole: true).Findings.First(f => f.Signature.Code == code);

            Assert.Matches("^[A-Z0-9].*[.]$", _text.Cause(found));
            Assert.Matches("^[A-Z].*[.]$", _text.Cure(found));
            Assert.Matches("^[A-Z].*[.]$", _text.By(found.Signature.By, isOwn: false));
            Assert.DoesNotContain("{0}", _text.Cause(found), StringComparison.Ordinal);
            Assert.DoesNotContain("{", found.Command?.Replace("{{", "", StringComparison.Ordinal).Replace("'{", "", StringComparison.Ordinal) ?? "", StringComparison.Ordinal);
            Assert.NotEmpty(found.Sign.Line.Text);
        }
    }

    [Fact]
    public void Other_causes_that_match_are_also_seen_behind_the_first()
    {
        var diagnosis = StackDiagnosis.Of(
            Broken().Has(Ended("task: non-zero exit (1)"), Ended("task: non-zero exit (1)")).Says(EvidenceSource.Container, "database is locked"), isWhole: true);

        Assert.Equal("opencode-database-locked", diagnosis.Cause!.Signature.Code);
        Assert.Equal(["crash-loop", "container-away"], diagnosis.AlsoSeen.Select(f => f.Signature.Code));
    }

    [Fact]
    public void A_stack_that_answers_has_no_cause_and_what_still_matters_is_also_seen()
    {
        var diagnosis = StackDiagnosis.Of(Well().Refuses(EvidenceSource.Tasks, FailureCode.DokployKeyRefused).Says(EvidenceSource.Container, "permission denied"), isWhole: true);

        Assert.Equal(StackVerdict.AsItSays, diagnosis.Verdict);
        Assert.Null(diagnosis.Cause);
        Assert.Equal(["dokploy-key-refused"], diagnosis.AlsoSeen.Select(f => f.Signature.Code));
        Assert.Equal("ready", SignText.Code(diagnosis));
    }

    [Fact]
    public void What_no_signature_matches_is_said_to_be_unexplained()
    {
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("en");
        var diagnosis = StackDiagnosis.Of(Failed(FailureCode.Internal, DeploymentStep.Configure, "strange"), isWhole: true);

        Assert.Equal((StackVerdict.Unexplained, "unexplained"), (diagnosis.Verdict, SignText.Code(diagnosis)));
        Assert.EndsWith("None of the known causes matches.", _text.Cause(diagnosis), StringComparison.Ordinal);
        Assert.Equal("strange", diagnosis.Evidence.Lines[^1].Text);
    }

    [Fact]
    public void A_cure_is_what_may_begin_on_the_stack_now_or_another_try()
    {
        var broken = Broken();
        Assert.Equal(new CureAct.Begin(OperationCatalog.Restart), Cure(broken.Has()));
        Assert.Equal(new CureAct.Begin(OperationCatalog.Start), Cure(Stopped(OperationCatalog.Stop, OperationCause.Idle)));
        Assert.Equal(new CureAct.TryAgain(), Cure(Failed(FailureCode.ImageNotFound)));
        Assert.Null(Cure(Ready(new(Core.Stacks.AddressLayer.Tcp, null, false))));
    }

    private static CureAct? Cure(Evidence evidence) => StackDiagnosis.Of(evidence, isWhole: true).Cause!.ActOf(evidence.Row, evidence.Last);
}
