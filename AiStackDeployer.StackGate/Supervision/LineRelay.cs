using System.Text;

namespace AiStackDeployer.StackGate.Supervision;

/// <summary>Passes a program's output on line by line, without secrets and without lines that never end.</summary>
internal sealed class LineRelay(TextWriter output, string prefix, IReadOnlyList<string> secrets)
{
    public const int LongestLine = 8_192;

    public async Task CopyAsync(TextReader source)
    {
        var buffer = new char[4_096];
        var line = new StringBuilder();
        try
        {
            int read;
            while ((read = await source.ReadAsync(buffer)) > 0)
            {
                foreach (var character in buffer.AsSpan(0, read))
                {
                    if (character == '\n')
                    {
                        Write(line);
                    }
                    else if (character != '\r' && line.Length < LongestLine)
                    {
                        line.Append(character);
                    }
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The program and its pipe are gone.
        }
        Write(line);
    }

    private void Write(StringBuilder line)
    {
        if (line.Length > 0)
        {
            output.WriteLine(secrets.Aggregate(prefix + line, (text, secret) => text.Replace(secret, "***", StringComparison.Ordinal)));
        }
        line.Clear();
    }
}
