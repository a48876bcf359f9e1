using System.Globalization;
using System.Text;

namespace AiStackDeployer.Core.Naming;

/// <summary>
/// What a person typed, trimmed and lower-cased, at a size that is safe to work on: at most <see cref="Window"/>
/// characters of the input are looked at, and <see cref="IsCut"/> remembers that there was more.
/// </summary>
public sealed record TypedName
{
    /// <summary>Characters of the input that are read at all. Nobody's name has more; a pasted file has.</summary>
    public const int Window = 256;

    /// <summary>Longest text shown back.</summary>
    public const int DisplayLength = 64;

    private TypedName(string text, bool isCut)
    {
        Text = text;
        IsCut = isCut;
    }

    /// <summary>The normalised text itself: what the rules judge, with everything that is wrong about it.</summary>
    public string Text { get; }

    public bool IsCut { get; }

    public static TypedName From(string? typed)
    {
        var window = typed.AsSpan();
        var isCut = window.Length > Window;
        window = isCut ? window[..Window] : window;
        return new TypedName(window.Trim().ToString().ToLowerInvariant(), isCut);
    }

    /// <summary>
    /// The text as it may be shown: no character that is invisible, steers the direction of the text or is half a pair,
    /// and no more than <see cref="DisplayLength"/> of the rest.
    /// </summary>
    public string ToDisplay()
    {
        var shown = new StringBuilder(DisplayLength);
        foreach (var rune in Text.EnumerateRunes())
        {
            if (!MayBeShown(rune) || (shown.Length == 0 && Rune.IsWhiteSpace(rune)))
            {
                continue;
            }

            if (shown.Length + rune.Utf16SequenceLength > DisplayLength)
            {
                break;
            }

            shown.Append(rune);
        }

        return shown.ToString().TrimEnd();
    }

    private static bool MayBeShown(Rune rune) =>
        rune != Rune.ReplacementChar
        && Rune.GetUnicodeCategory(rune) is not (
            UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
            or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
