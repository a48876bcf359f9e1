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

    /// <param name="typed">As it was typed or pasted.</param>
    /// <param name="suffix">The domain that stacks live below: of a stack's address only the name is taken.</param>
    public static TypedName From(string? typed, string? suffix = null)
    {
        var window = typed.AsSpan();
        var isCut = window.Length > Window;
        var text = (isCut ? window[..Window] : window).Trim().ToString().ToLowerInvariant();
        return suffix is not null && NameIn(text, suffix) is { } name ? new TypedName(name, isCut: false) : new TypedName(text, isCut);
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

    /// <summary>The name in a stack's address, with or without scheme, port and path; null when the text is no such address.</summary>
    private static string? NameIn(string text, string suffix)
    {
        var start = text.IndexOf("://", StringComparison.Ordinal);
        var host = text.AsSpan(start < 0 ? 0 : start + 3);
        var end = host.IndexOfAny(":/?#");
        host = end < 0 ? host : host[..end];
        if (!host.EndsWith("." + suffix, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }
        var name = host[..^(suffix.Length + 1)];
        return name.IsEmpty || name.Contains('.') ? null : name.ToString();
    }

    private static bool MayBeShown(Rune rune) =>
        rune != Rune.ReplacementChar
        && Rune.GetUnicodeCategory(rune) is not (
            UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
            or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
