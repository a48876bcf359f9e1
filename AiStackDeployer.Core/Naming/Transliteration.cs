using System.Globalization;
using System.Text;

namespace AiStackDeployer.Core.Naming;

/// <summary>Writes any text as nearly as possible in the characters a name may have: <c>Café Zürich</c> → <c>cafe-zurich</c>.</summary>
internal static class Transliteration
{
    /// <summary>
    /// Letters lose their accents, everything between words becomes one hyphen, what cannot be written falls away, and
    /// the rest is cut to <see cref="StackName.MaxLength"/>. The outcome may still be too short to be a name.
    /// </summary>
    public static string ToNameLike(string text)
    {
        var written = new StringBuilder(StackName.MaxLength);
        foreach (var rune in Decompose(text).EnumerateRunes())
        {
            Write(rune, written);
            if (written.Length > StackName.MaxLength)
            {
                break;
            }
        }

        return Shorten(written.ToString(), StackName.MaxLength);
    }

    /// <summary>Cuts after a whole word, unless that would take more than half of it.</summary>
    public static string Shorten(string text, int length)
    {
        if (text.Length <= length)
        {
            return text.TrimEnd('-');
        }
        var end = text.LastIndexOf('-', length);
        return text[..(end >= length / 2 ? end : length)].TrimEnd('-');
    }

    /// <summary>
    /// Splits letters from their accents and resolves compatibility forms (full-width letters, ligatures, circled
    /// digits). Unpaired surrogates and noncharacters go first, because normalisation throws on them.
    /// </summary>
    private static string Decompose(string text)
    {
        var wellFormed = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) is not UnicodeCategory.OtherNotAssigned)
            {
                wellFormed.Append(rune);
            }
        }

        return wellFormed.ToString().Normalize(NormalizationForm.FormKD).ToLowerInvariant();
    }

    private static void Write(Rune rune, StringBuilder written)
    {
        if (rune.IsAscii && char.IsAsciiLetterOrDigit((char)rune.Value))
        {
            written.Append((char)rune.Value);
        }
        else if (Spell(rune) is { } spelled)
        {
            written.Append(spelled);
        }
        else if (Separates(rune) && written.Length > 0 && written[^1] != '-')
        {
            written.Append('-');
        }
    }

    /// <summary>Letters that Unicode does not decompose, spelled as their languages do without them.</summary>
    private static string? Spell(Rune rune) => rune.Value switch
    {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'đ' or 'ð' => "d",
        'ł' => "l",
        'þ' => "th",
        'ı' => "i",
        'ħ' => "h",
        'ŋ' => "n",
        _ => null,
    };

    /// <summary>An apostrophe or a free accent stands inside a word; a space, a dot, a slash or an emoji stands between two.</summary>
    private static bool Separates(Rune rune) =>
        rune != Rune.ReplacementChar
        && rune.Value is not ('\'' or '’' or '‘')
        && (Rune.IsWhiteSpace(rune) || Rune.IsPunctuation(rune) || Rune.IsSymbol(rune))
        && Rune.GetUnicodeCategory(rune) is not UnicodeCategory.ModifierSymbol;
}
