using System.Globalization;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Web.Resources;
using Microsoft.Extensions.Localization;

namespace AiStackDeployer.Web.Presentation;

/// <summary>What a stack's gate told of its use, in the reader's language.</summary>
public sealed class ActivityText(IStringLocalizer<HealthTexts> texts, DurationText durations, TimeProvider time)
{
    /// <summary>Older than this it says nothing of whether the agent works now.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(15);

    /// <summary>Null = nothing is known, or worth a word.</summary>
    public string? Of(StackActivity? told)
    {
        if (told is null)
        {
            return null;
        }
        // Sessions that wait for an answer are among those at work.
        var isFresh = IsFresh(told);
        return isFresh && told.SessionsAtWork > told.SessionsWaiting ? texts["activity-works"].Value
            : isFresh && told.SessionsWaiting > 0 ? texts["activity-waits"].Value
            : told.LastUsedAt is { } at ? texts["activity-used", durations.Rough(time.GetUtcNow() - at)].Value
            : null;
    }

    /// <summary>Stopping it now would interrupt an agent, or lose its question.</summary>
    public bool IsAgentAtWork(StackActivity? told) => told is { SessionsAtWork: > 0 } && IsFresh(told);

    /// <summary>What it uses now; null = not known.</summary>
    public string? Memory(StackActivity? told, bool withLimit = false) => told is not { MemoryBytes: { } bytes } || !IsFresh(told) ? null
        : withLimit && told.MemoryLimitBytes is { } limit ? texts["memory-of", Megabytes(bytes), Megabytes(limit)].Value
        : texts["memory", Megabytes(bytes)].Value;

    private bool IsFresh(StackActivity told) => time.GetUtcNow() - told.ToldAt < Fresh;

    private static string Megabytes(long bytes) => (bytes >> 20).ToString("N0", CultureInfo.CurrentCulture);
}
