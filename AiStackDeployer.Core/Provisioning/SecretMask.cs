using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace AiStackDeployer.Core.Provisioning;

/// <summary>Makes other programs' lines fit to be stored and shown: no secrets, nothing invisible, bounded.</summary>
internal static partial class SecretMask
{
    private const int LongestLine = 500;

    /// <summary>What the patterns get to see: they are not linear in a line without end.</summary>
    private const int LongestScanned = 4 * LongestLine;

    private const string Hidden = "•••";

    public static IReadOnlyList<string> Lines(string? text, int last, IReadOnlyList<string> secrets) =>
        text is null
            ? []
            : [.. text.Split('\n').Select(line => Mask(line, secrets)).Where(line => line.Length > 0).TakeLast(last)];

    public static string Mask(string line, IReadOnlyList<string> secrets)
    {
        // Before secrets are looked for: an invisible character inside one would hide it from the comparison alone.
        line = AnsiCodes().Replace(line, "");
        line = string.Concat(line.EnumerateRunes().Where(IsVisible)).Trim();
        foreach (var secret in secrets)
        {
            if (secret.Length > 0)
            {
                line = line.Replace(secret, Hidden, StringComparison.Ordinal);
            }
        }
        if (line.Length > LongestScanned)
        {
            line = line[..LongestScanned];
        }
        // First, or the next one takes the word before the token for the token.
        line = Bearer().Replace(line, $"$1 {Hidden}");
        line = UrlUser().Replace(line, $"$1{Hidden}@");
        line = Cookie().Replace(line, $"$1{Hidden}");
        line = Query().Replace(line, $"?{Hidden}");
        line = Assignment().Replace(line, $"$1{Hidden}");
        line = WellKnown().Replace(line, Hidden);
        return line.Length <= LongestLine ? line : line[..LongestLine] + "…";
    }

    /// <summary>Not what reorders a line (bidi controls), joins or splits it unseen (zero width, separators), or drives a terminal.</summary>
    private static bool IsVisible(Rune rune) => Rune.GetUnicodeCategory(rune)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

    [GeneratedRegex(@"\x1B\[[0-9;?]*[ -/]*[@-~]")]
    private static partial Regex AnsiCodes();

    [GeneratedRegex(@"(\b\w{1,20}://)[^\s/@]+@")]
    private static partial Regex UrlUser();

    [GeneratedRegex(@"((?:password|passwd|pwd|secret|token|api[_-]?key|authorization)[""']?\s*[=:]\s*[""']?)[^\s""',;]+", RegexOptions.IgnoreCase)]
    private static partial Regex Assignment();

    /// <summary>A header of a request or an answer, to the end of the line.</summary>
    [GeneratedRegex(@"(\b(?:set-)?cookie[""']?\s*[:=]\s*).+", RegexOptions.IgnoreCase)]
    private static partial Regex Cookie();

    /// <summary>OpenCode takes its password in one, and so do many others.</summary>
    [GeneratedRegex(@"(?<=[\w/~%.-])\?(?=[\w%.~\[\]-]+=)[^\s""'<>]+")]
    private static partial Regex Query();

    /// <summary>Keys that tell by their beginning what they are, and a line of a private key.</summary>
    [GeneratedRegex(@"\b(?:sk-|gh[opsu]_|github_pat_|glpat-|xox[abprs]-|AKIA|AIza|hf_|eyJ)[A-Za-z0-9_.-]{12,}|^[A-Za-z0-9+/]{60,80}={0,2}$")]
    private static partial Regex WellKnown();

    [GeneratedRegex(@"\b(Bearer|Basic) [A-Za-z0-9+/=._~-]{8,}")]
    private static partial Regex Bearer();
}
