namespace AiStackDeployer.Tests.Dokploy;

/// <summary>
/// Reads dotenv text the way the contract describes Dokploy's parser, written apart from the writer. Its corners are
/// kept: a backslash before the closing quote is first tried as a quote within the value, so that a string may run on
/// into following lines; only when no later end fits does the nearer one count.
/// </summary>
internal static class DotEnvReader
{
    public static Dictionary<string, string> Read(string text)
    {
        text = text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        var result = new Dictionary<string, string>(StringComparer.Ordinal);
        var at = 0;
        while (at < text.Length)
        {
            at = ReadLine(text, at, result);
        }

        return result;
    }

    private static int ReadLine(string text, int start, Dictionary<string, string> result)
    {
        var at = SkipSpace(text, start);
        if (string.CompareOrdinal(text, at, "export ", 0, 7) == 0)
        {
            at = SkipSpace(text, at + 7);
        }

        var keyStart = at;
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] is '_' or '.' or '-'))
        {
            at++;
        }

        var key = text[keyStart..at];
        at = SkipSpace(text, at);
        if (key.Length == 0 || at >= text.Length || text[at] != '=')
        {
            return EndOfLine(text, at) + 1;
        }

        at++;
        var quoteAt = SkipSpace(text, at);
        if (quoteAt < text.Length && text[quoteAt] is '\'' or '"' or '`' && LastFittingEnd(text, quoteAt) is { } end)
        {
            var inner = text[(quoteAt + 1)..end];
            result[key] = text[quoteAt] == '"'
                ? inner.Replace("\\n", "\n", StringComparison.Ordinal).Replace("\\r", "\r", StringComparison.Ordinal)
                : inner;
            return EndOfLine(text, end) + 1;
        }

        var stop = text.IndexOfAny(['#', '\n'], at);
        stop = stop < 0 ? text.Length : stop;
        result[key] = text[at..stop].Trim();
        return EndOfLine(text, at) + 1;
    }

    private static int? LastFittingEnd(string text, int quoteAt)
    {
        int? last = null;
        for (var i = quoteAt + 1; i < text.Length; i++)
        {
            if (text[i] != text[quoteAt])
            {
                continue;
            }

            var after = i + 1;
            while (after < text.Length && text[after] is ' ' or '\t')
            {
                after++;
            }

            if (after >= text.Length || text[after] is '\n' or '#')
            {
                last = i;
            }

            if (text[i - 1] != '\\' || i - 1 == quoteAt)
            {
                break;
            }
        }

        return last;
    }

    private static int SkipSpace(string text, int at)
    {
        while (at < text.Length && char.IsWhiteSpace(text[at]))
        {
            at++;
        }

        return at;
    }

    private static int EndOfLine(string text, int at)
    {
        var end = text.IndexOf('\n', Math.Min(at, text.Length));
        return end < 0 ? text.Length : end;
    }
}
