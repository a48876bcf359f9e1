using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AiStackDeployer.DokployEmulator.Faults;

namespace AiStackDeployer.Tests.TestKit;

/// <summary>One example of docs/API.md: what a reader types, and what the guide says comes of it.</summary>
/// <param name="Line">Of the command, for a failing test.</param>
/// <param name="AnswerAt">Where the answer stands in the guide's text.</param>
internal sealed record GuideExample(int Line, string Command, string Answer, Range AnswerAt, IReadOnlyList<string> Directions);

/// <summary>What a command really brought.</summary>
internal sealed record GuideAnswer(string StatusLine, string? ContentType, string? Location, string? RetryAfter, string Body)
{
    public JsonNode? Json => ContentType?.Contains("json", StringComparison.Ordinal) == true ? JsonNode.Parse(Body) : null;
}

/// <summary>
/// docs/API.md as a reader goes through it: each command in a shell, in order, in one folder (so that cookies stay). What a reader
/// would do by hand stands in comments: <c>hold</c>, <c>arrived</c>, <c>release</c> for the emulator, <c>end</c> to wait for $ID.
/// </summary>
internal sealed partial class ApiGuide(PortalFactory portal) : IDisposable
{
    private const int Shown = 2;
    private const int Edge = 5;

    private readonly string _folder = Directory.CreateTempSubdirectory("api-guide-").FullName;
    private CallGate? _held;
    private string _id = "";

    public static string File => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", "docs", "API.md"));

    public static IReadOnlyList<GuideExample> Read(string text)
    {
        var examples = new List<GuideExample>();
        var from = 0;
        foreach (Match match in Example().Matches(text))
        {
            var directions = Direction().Matches(text[from..match.Index]).Select(d => d.Groups[1].Value).ToList();
            var answer = match.Groups["answer"];
            examples.Add(new GuideExample(
                text[..match.Index].Count(c => c == '\n') + 2, match.Groups["command"].Value, answer.Value, answer.Index..(answer.Index + answer.Length), directions));
            from = match.Index + match.Length;
        }
        return examples;
    }

    public async Task<GuideAnswer> RunAsync(GuideExample example)
    {
        foreach (var direction in example.Directions)
        {
            await FollowAsync(direction);
        }
        var start = new ProcessStartInfo("bash", ["-euo", "pipefail", "-c", "curl() { command curl -sS -D headers \"$@\"; }\n" + example.Command])
        {
            WorkingDirectory = _folder, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["PORTAL"] = portal.Root.ToString().TrimEnd('/');
        start.Environment["KEY"] = "d4a7c1f2-60be-4e39-9b05-8f2e71a3c6d8";
        start.Environment["ID"] = _id;
        using var shell = Process.Start(start)!;
        var errors = shell.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var body = await shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(shell.ExitCode == 0, $"{example.Command}\n{await errors}");

        var headers = (await System.IO.File.ReadAllLinesAsync(Path.Combine(_folder, "headers"), TestContext.Current.CancellationToken)).ToList();
        var answer = new GuideAnswer(headers[0].Trim(), Header("Content-Type"), Header("Location"), Header("Retry-After"), body);
        if (answer.StatusLine.Contains("202", StringComparison.Ordinal) && answer.Json?["deploymentId"] is { } id)
        {
            _id = id.GetValue<string>();
        }
        return answer;

        string? Header(string name) =>
            headers.Find(h => h.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))?[(name.Length + 1)..].Trim();
    }

    /// <summary>An answer as the guide shows it.</summary>
    public string Show(GuideAnswer answer)
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{answer.StatusLine}\n");
        if (answer.ContentType is { Length: > 0 } type)
        {
            text.Append(CultureInfo.InvariantCulture, $"Content-Type: {type}\n");
        }
        if (answer.Location is { } location)
        {
            text.Append(CultureInfo.InvariantCulture, $"Location: {location}\n");
        }
        if (answer.RetryAfter is { } seconds)
        {
            text.Append(CultureInfo.InvariantCulture, $"Retry-After: {seconds}\n");
        }
        var body = answer.Json is { } json ? Cut(json).ToJsonString(Readable) : Cut(answer.Body);
        // The emulator's usual ports; a test's are others each time.
        body = body.Replace($".localhost:{portal.Emulator.StacksUrl.Port}", ".localhost:3101", StringComparison.Ordinal)
            .Replace($"127.0.0.1:{portal.Emulator.ApiUrl.Port}", "127.0.0.1:3100", StringComparison.Ordinal);
        // Long, and no reader's business.
        body = Ticket().Replace(body, "$1…");
        return text.Append('\n').Append(body.Trim()).Append('\n').ToString();
    }

    /// <summary>Of a list the first entries, which tell what the others are like.</summary>
    private static JsonNode Cut(JsonNode json) => json switch
    {
        JsonObject o => new JsonObject(o.Select(m => KeyValuePair.Create(m.Key, m.Value is null ? null : (JsonNode?)Cut(m.Value)))),
        JsonArray many => new JsonArray([.. many.Take(Shown).Select(one => Cut(one!))]),
        _ => json.DeepClone(),
    };

    private static string Cut(string text)
    {
        var lines = text.Trim().Split('\n');
        return lines.Length <= 4 * Edge ? text : string.Join('\n', [.. lines[..(2 * Edge)], "…", "", .. lines[^(2 * Edge)..]]);
    }

    public void Dispose()
    {
        _held?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static readonly JsonSerializerOptions Readable =
        new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private async Task FollowAsync(string direction)
    {
        switch (direction.Split(' '))
        {
            case ["hold", var call]:
                _held = await portal.HoldAsync(call);
                break;
            case ["arrived"]:
                await _held!.Arrived.WaitAsync(TestContext.Current.CancellationToken);
                break;
            case ["release"]:
                _held!.Release();
                break;
            case ["end"]:
                await using (var events = await EventReader.OpenAsync(portal.NewScript(), _id))
                {
                    await events.RestAsync();
                }
                break;
            default:
                throw new InvalidOperationException($"The guide says '{direction}', which means nothing.");
        }
    }

    private static string Here([System.Runtime.CompilerServices.CallerFilePath] string path = "") => path;

    [GeneratedRegex("^```sh\n(?<command>(?:(?!^```)[^\n]*\n)*?)```\n\n```http\n(?<answer>(?:(?!^```)[^\n]*\n)*?)```$", RegexOptions.Multiline)]
    private static partial Regex Example();

    [GeneratedRegex(@"(#ticket=[\w-]+)\.[\w.-]+")]
    private static partial Regex Ticket();

    [GeneratedRegex("<!-- test: ([^>]+?) -->")]
    private static partial Regex Direction();
}
