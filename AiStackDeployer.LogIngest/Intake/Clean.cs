using System.Text;

namespace AiStackDeployer.LogIngest.Intake;

/// <summary>What of a stranger's text is kept.</summary>
internal static class Clean
{
    private const char Ellipsis = '…';

    /// <summary>Without NUL and control characters, which terminals and parsers obey; a line break stays, a tab becomes a space. Cut to the length in UTF-8.</summary>
    public static string Text(string text, int mostBytes)
    {
        if (text.AsSpan().ContainsAnyInRange('\0', '\u001f') || text.AsSpan().ContainsAnyInRange('\u007f', '\u009f'))
        {
            text = string.Create(text.Count(Stays), text, static (kept, all) =>
            {
                var i = 0;
                foreach (var c in all.Where(Stays))
                {
                    kept[i++] = c == '\t' ? ' ' : c;
                }
            });
        }
        if (Encoding.UTF8.GetByteCount(text) <= mostBytes)
        {
            return text;
        }
        var length = 0;
        var room = mostBytes - 3;
        foreach (var rune in text.EnumerateRunes())
        {
            if ((room -= rune.Utf8SequenceLength) < 0)
            {
                break;
            }
            length += rune.Utf16SequenceLength;
        }
        return string.Concat(text.AsSpan(0, length), [Ellipsis]);
    }

    /// <summary>A name as Loki takes it: letters, digits and underscores, not beginning with a digit.</summary>
    public static string Name(string name)
    {
        if (name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') && !char.IsAsciiDigit(name[0]))
        {
            return name;
        }
        var text = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
        return char.IsAsciiDigit(text[0]) ? "_" + text : text;
    }

    /// <summary>An id, or the type of an event: nothing in it needs quoting anywhere.</summary>
    public static bool IsToken(string text, int longest) =>
        text.Length > 0 && text.Length <= longest && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or ':' or '/');

    private static bool Stays(char c) => !char.IsControl(c) || c is '\n' or '\t';
}
