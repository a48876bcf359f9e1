using System.Globalization;
using System.Resources;
using System.Reflection;
using AiStackDeployer.Core.Naming;
using AiStackDeployer.Web.Resources;

namespace AiStackDeployer.Tests.Naming;

public sealed class NameTextsTests
{
    private static readonly ResourceManager Texts = new(typeof(NameTexts));
    private static readonly StackName Name = StackName.FromStored("design");
    private static readonly NameVerdict Verdict = new NameRules(ReservedNames.Default).Check("admin");

    private static readonly NameAvailability[] Answers =
    [
        new NameAvailability.Available(Name, IsHeld: false),
        new NameAvailability.TakenByYou(Name, null),
        new NameAvailability.TakenByOther(Name, []),
        new NameAvailability.BeingChosen(Name, []),
        new NameAvailability.Invalid(Verdict),
        new NameAvailability.Reserved(Verdict, []),
        new NameAvailability.UpstreamUnreachable(Name, IsHeld: false, IsRefused: false),
    ];

    public static TheoryData<string> Codes =>
        [.. Enum.GetValues<NameFault>().Select(fault => fault.ToCode()).Concat(Answers.Select(answer => answer.Code)).Distinct()];

    [Theory]
    [MemberData(nameof(Codes))]
    public void Every_fault_and_every_answer_has_a_sentence_in_both_languages(string code)
    {
        var english = Texts.GetString(code, CultureInfo.GetCultureInfo("en"));
        var dutch = Texts.GetString(code, CultureInfo.GetCultureInfo("nl"));

        Assert.False(string.IsNullOrWhiteSpace(english));
        Assert.False(string.IsNullOrWhiteSpace(dutch));
        Assert.NotEqual(english, dutch);
    }

    [Fact]
    public void No_answer_is_missing_from_the_list_above()
    {
        var family = typeof(NameAvailability).GetNestedTypes(BindingFlags.Public)
            .Where(type => type.IsSubclassOf(typeof(NameAvailability)));

        Assert.Equal(family.ToHashSet(), Answers.Select(answer => answer.GetType()).ToHashSet());
        Assert.Equal(Answers.Length, Answers.Select(answer => answer.Code).Distinct().Count());
    }

    [Theory]
    [InlineData("en")]
    [InlineData("nl")]
    public void The_lengths_in_the_sentences_are_those_of_the_rules(string language)
    {
        var culture = CultureInfo.GetCultureInfo(language);

        Assert.Contains(" 3 ", Texts.GetString(NameFault.TooShort.ToCode(), culture));
        Assert.Contains(" 20 ", Texts.GetString(NameFault.TooLong.ToCode(), culture));
        Assert.StartsWith("3–20 ", Texts.GetString("name-hint", culture));
        Assert.Equal((3, 20), (StackName.MinLength, StackName.MaxLength));
    }
}
