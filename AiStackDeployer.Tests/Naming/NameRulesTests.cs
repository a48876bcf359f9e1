using AiStackDeployer.Core.Naming;

namespace AiStackDeployer.Tests.Naming;

public sealed class NameRulesTests
{
    private static readonly NameRules Rules = new(ReservedNames.Default);
    private static readonly NameRules WithSuffix = new(ReservedNames.Default, "ai.corp.test");

    [Theory]
    [InlineData("abc")]
    [InlineData("a-b")]
    [InlineData("a--b")]
    [InlineData("123")]
    [InlineData("1st")]
    [InlineData("xn-a")]
    [InlineData("x--n")]
    [InlineData("administrator")]
    [InlineData("abcdefghij0123456789")]
    public void A_name_within_the_rules_is_valid(string typed)
    {
        var verdict = Rules.Check(typed);

        Assert.Empty(verdict.Faults);
        Assert.Equal(typed, verdict.Name?.Value);
        Assert.Equal(typed, verdict.Normalized);
        Assert.Null(verdict.LegalForm);
    }

    [Theory]
    [InlineData("  design\t", "design")]
    [InlineData("DeSign-2", "design-2")]
    [InlineData("\u00a0\u2003design\r\n", "design")]
    public void Edges_are_trimmed_and_capitals_lowered_before_the_rules_apply(string typed, string name) =>
        Assert.Equal(name, Rules.Check(typed).Name?.Value);

    [Theory]
    [InlineData("https://jan.ai.corp.test/terminal/", "jan")]
    [InlineData(" HTTP://Jan.AI.corp.test:8443?x#y ", "jan")]
    [InlineData("jan.ai.corp.test", "jan")]
    [InlineData("jan", "jan")]
    public void The_address_of_a_stack_is_its_name(string typed, string name) =>
        Assert.Equal((name, name), (WithSuffix.Check(typed).Name?.Value, WithSuffix.Check(typed).Normalized));

    [Fact]
    public void A_long_address_is_no_long_name() =>
        Assert.Equal("jan", WithSuffix.Check("https://jan.ai.corp.test/" + new string('x', 5000)).Name?.Value);

    [Theory]
    [InlineData("https://ab.ai.corp.test/", NameFault.TooShort)]
    [InlineData("https://admin.ai.corp.test/", NameFault.Reserved)]
    [InlineData("https://.ai.corp.test/", NameFault.IllegalCharacter)]
    [InlineData("https://x.jan.ai.corp.test/", NameFault.IllegalCharacter)]
    [InlineData("https://jan.other.test/", NameFault.IllegalCharacter)]
    [InlineData("janai.corp.test", NameFault.IllegalCharacter)]
    public void An_address_gives_a_name_that_is_judged_like_any_other_and_a_foreign_one_gives_none(string typed, NameFault fault) =>
        Assert.Contains(fault, WithSuffix.Check(typed).Faults);

    [Theory]
    [InlineData(null, new[] { NameFault.Empty })]
    [InlineData("", new[] { NameFault.Empty })]
    [InlineData(" \t\r\n", new[] { NameFault.Empty })]
    [InlineData("a", new[] { NameFault.TooShort })]
    [InlineData("ab", new[] { NameFault.TooShort })]
    [InlineData("abcdefghij0123456789x", new[] { NameFault.TooLong })]
    [InlineData("a b", new[] { NameFault.IllegalCharacter })]
    [InlineData("a_b", new[] { NameFault.IllegalCharacter })]
    [InlineData("a.b", new[] { NameFault.IllegalCharacter })]
    [InlineData("café", new[] { NameFault.IllegalCharacter })]
    [InlineData("аbс", new[] { NameFault.IllegalCharacter })]
    [InlineData("ab\u0660", new[] { NameFault.IllegalCharacter })]
    [InlineData("abc\0", new[] { NameFault.IllegalCharacter })]
    [InlineData("abc\u200f", new[] { NameFault.IllegalCharacter })]
    [InlineData("abc\ud800", new[] { NameFault.IllegalCharacter })]
    [InlineData("🚀🚀", new[] { NameFault.IllegalCharacter })]
    [InlineData("-abc", new[] { NameFault.LeadingHyphen })]
    [InlineData("abc-", new[] { NameFault.TrailingHyphen })]
    [InlineData("-", new[] { NameFault.TooShort, NameFault.LeadingHyphen, NameFault.TrailingHyphen })]
    [InlineData("xn--abc", new[] { NameFault.Punycode })]
    [InlineData("XN--ABC", new[] { NameFault.Punycode })]
    [InlineData("xn--", new[] { NameFault.TrailingHyphen, NameFault.Punycode })]
    [InlineData("admin", new[] { NameFault.Reserved })]
    [InlineData(" Portal ", new[] { NameFault.Reserved })]
    public void Every_broken_rule_is_named(string? typed, NameFault[] faults)
    {
        var verdict = Rules.Check(typed);

        Assert.Equal(faults, verdict.Faults);
        Assert.Null(verdict.Name);
        Assert.False(verdict.IsValid);
    }

    [Theory]
    [InlineData("Jan de Vries", "jan-de-vries")]
    [InlineData("jan_de.vries", "jan-de-vries")]
    [InlineData("Café Zürich", "cafe-zurich")]
    [InlineData("Straße", "strasse")]
    [InlineData("Ærø & Łódź", "aero-lodz")]
    [InlineData("o'brien", "obrien")]
    [InlineData("-abc", "abc")]
    [InlineData("abc-", "abc")]
    [InlineData("xn--abc", "xn-abc")]
    [InlineData("team 🚀", "team")]
    [InlineData("The department of design", "the-department-of")]
    [InlineData("abcdefghij-0123456789", "abcdefghij")]
    [InlineData("abcdefghij-012345678 and more", "abcdefghij-012345678")]
    [InlineData("a-veryveryverylongname", "a-veryveryverylongna")]
    [InlineData("ＤＥＳＩＧＮ", "design")]
    [InlineData("de\u200bsign", "design")]
    [InlineData("\ud800design\udc00", "design")]
    [InlineData("de\ufffesi\uffffgn\U0001fffe", "design")]
    [InlineData("abcdefghij0123456789x", "abcdefghij0123456789")]
    [InlineData("abcdefghij012345678-x", "abcdefghij012345678")]
    [InlineData("<script>alert(1)</script>", "script-alert-1")]
    public void The_nearest_legal_form_is_offered(string typed, string form) =>
        Assert.Equal(form, Rules.Check(typed).LegalForm?.Value);

    [Theory]
    [InlineData("ab")]
    [InlineData("-")]
    [InlineData("🚀🚀🚀")]
    [InlineData("Привет")]
    [InlineData("admin")]
    [InlineData("-admin-")]
    [InlineData("Ädmin")]
    public void No_form_is_offered_where_none_is_legal_and_free_to_have(string typed) =>
        Assert.Null(Rules.Check(typed).LegalForm);

    [Fact]
    public void A_megabyte_of_text_is_too_long_and_shown_only_in_part()
    {
        var verdict = Rules.Check(new string('a', 1 << 20));

        Assert.Equal([NameFault.TooLong], verdict.Faults);
        Assert.Equal(TypedName.DisplayLength, verdict.Normalized.Length);
        Assert.Equal(new string('a', StackName.MaxLength), verdict.LegalForm?.Value);
    }

    [Fact]
    public void A_megabyte_of_blanks_is_too_long_rather_than_empty() =>
        Assert.Equal([NameFault.TooLong], Rules.Check(new string(' ', 1 << 20)).Faults);

    [Fact]
    public void What_stands_behind_more_blanks_than_are_read_makes_no_name()
    {
        Assert.Equal("abc", Rules.Check("abc" + new string(' ', TypedName.Window - 3)).Name?.Value);
        Assert.Equal([NameFault.TooLong], Rules.Check("abc" + new string(' ', TypedName.Window - 2)).Faults);
    }

    [Theory]
    [InlineData("\u202e abc \u200f", "abc")]
    [InlineData("a\0b\u0007c", "abc")]
    [InlineData("a\ud800b", "ab")]
    [InlineData("a\u2028b", "ab")]
    [InlineData("<b>x</b>", "<b>x</b>")]
    public void What_is_shown_back_has_no_invisible_characters(string typed, string shown) =>
        Assert.Equal(shown, Rules.Check(typed).Normalized);

    [Fact]
    public void What_is_shown_back_never_ends_in_half_an_emoji()
    {
        var shown = Rules.Check("a" + string.Concat(Enumerable.Repeat("🚀", 40))).Normalized;

        Assert.Equal(TypedName.DisplayLength - 1, shown.Length);
        Assert.True(char.IsLowSurrogate(shown[^1]));
    }

    [Fact]
    public void Every_fault_has_a_code_of_its_own()
    {
        var codes = Enum.GetValues<NameFault>().Select(fault => fault.ToCode()).ToList();

        Assert.Equal(codes.Count, codes.Distinct().Count());
        Assert.All(codes, code => Assert.Matches("^name(-[a-z]+)+$", code));
        Assert.Equal("name-too-short", NameFault.TooShort.ToCode());
        Assert.Throws<ArgumentOutOfRangeException>(() => ((NameFault)99).ToCode());
    }

    [Fact]
    public void The_validator_reports_each_fault_with_its_code()
    {
        var result = new StackNameValidator(ReservedNames.Default).Validate(TypedName.From("-a"));

        Assert.Equal(["name-too-short", "name-leading-hyphen"], result.Errors.Select(failure => failure.ErrorCode));
        Assert.All(result.Errors, failure => Assert.Equal("name", failure.PropertyName));
    }
}
