using System.Globalization;

namespace AiStackDeployer.Web.Presentation;

/// <summary>"2nd", or "2e" in Dutch.</summary>
public static class Ordinals
{
    public static string Of(int number)
    {
        var digits = number.ToString(CultureInfo.InvariantCulture);
        return CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "nl" ? digits + "e" : digits + EnglishEnding(number);
    }

    private static string EnglishEnding(int number) => (number % 100, number % 10) switch
    {
        (>= 11 and <= 13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    };
}
