using System.Globalization;
using System.Text.RegularExpressions;
using AiStackDeployer.Core.Naming;
using CsCheck;

namespace AiStackDeployer.Tests.Naming;

public sealed partial class NamePropertyTests
{
    private const long Runs = 5_000;

    private static readonly NameRules Rules = new(ReservedNames.Default);

    private static readonly Gen<string> AnyText = Gen.OneOf(
        Gen.String,
        Gen.Int[0, 0xFFFF].Select(unit => (char)unit).Array[0, 90].Select(units => new string(units)),
        Gen.Char["abxn019-- ._'ÉßİK\0\u200f\u202e\u0301\ud83d\ude80"].Array[0, 30].Select(units => new string(units)),
        Gen.Char["abn-019"].Array[0, 22].Select(units => new string(units)));

    private static readonly Gen<StackName> AnyName =
        Gen.Char["abxn019-"].Array[StackName.MinLength, StackName.MaxLength]
            .Select(units => new string(units)).Where(text => StackName.TryParse(text, out _)).Select(StackName.FromStored);

    [Fact]
    public void Any_text_gets_a_verdict_that_agrees_with_the_rule_as_one_pattern() => AnyText.Sample(text =>
    {
        var verdict = Rules.Check(text);
        var lowered = text.Trim().ToLowerInvariant();
        var isLegal = LegalName().IsMatch(lowered) && !Rules.Reserved.Contains(lowered);

        Assert.Equal(isLegal, verdict.IsValid);
        Assert.Equal(isLegal, verdict.Faults.Count == 0);
        Assert.Equal(isLegal ? lowered : null, verdict.Name?.Value);
    }, iter: Runs);

    [Fact]
    public void Every_legal_form_passes_the_rules_it_was_made_for() => AnyText.Sample(text =>
    {
        if (Rules.Check(text).LegalForm is { } form)
        {
            Assert.Equal(form, Rules.Check(form.Value).Name);
        }
    }, iter: Runs);

    [Fact]
    public void Normalising_twice_changes_nothing_more() => AnyText.Sample(text =>
    {
        var once = Rules.Check(text).Normalized;

        Assert.Equal(once, Rules.Check(once).Normalized);
        Assert.True(once.Length <= TypedName.DisplayLength);
        Assert.DoesNotContain(once, unit => char.IsControl(unit) || char.GetUnicodeCategory(unit) is UnicodeCategory.Format);
    }, iter: Runs);

    [Fact]
    public void Every_suggestion_passes_the_rules_and_is_another_name() => AnyName.Sample(name =>
    {
        var suggested = new NameSuggestions(Rules.Reserved).For(name);

        Assert.True(suggested.Count >= 12);
        Assert.Equal(suggested.Count, suggested.Distinct().Count());
        Assert.DoesNotContain(name, suggested);
        Assert.All(suggested, other => Assert.True(Rules.Check(other.Value).IsValid, other.Value));
        Assert.Equal(suggested, new NameSuggestions(Rules.Reserved).For(name));
    }, iter: Runs);

    [GeneratedRegex(@"\A(?!xn--)[a-z0-9](?:[a-z0-9-]{1,18})[a-z0-9]\z")]
    private static partial Regex LegalName();
}
