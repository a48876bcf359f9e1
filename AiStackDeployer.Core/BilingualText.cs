using System.Globalization;

namespace AiStackDeployer.Core;

/// <summary>A text that a person wrote in both of the portal's languages.</summary>
public sealed record BilingualText(string En, string Nl)
{
    public string In(CultureInfo culture) => culture.TwoLetterISOLanguageName == "nl" ? Nl : En;
}
