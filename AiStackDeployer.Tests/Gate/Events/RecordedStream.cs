using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using AiStackDeployer.StackGate.OpenCode;

namespace AiStackDeployer.Tests.Gate.Events;

/// <summary>
/// What opencode-ai 1.18.33 sent on /global/event while a made-up model ran tools, asked, failed and was stopped. Everything that a person or
/// the model wrote holds SECRET; the folder is /work-folder.
/// </summary>
internal static class RecordedStream
{
    public static string Path => Named("opencode-1.18.33.sse");

    /// <summary>What it becomes, read by a person and found right.</summary>
    public static string[] Events() => File.ReadAllLines(Named("opencode-1.18.33.events.txt"));

    public static IEnumerable<OpenCodeFact> Facts(bool withContent)
    {
        using var stream = File.OpenRead(Path);
        foreach (var item in SseParser.Create(stream, (_, data) => FactReader.Read(data, withContent)).Enumerate())
        {
            if (item.Data is { } fact)
            {
                yield return fact;
            }
        }
    }

    private static string Named(string name) => System.IO.Path.Combine(System.IO.Path.GetDirectoryName(Here())!, "Recorded", name);

    private static string Here([CallerFilePath] string path = "") => path;
}
