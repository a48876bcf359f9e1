using AiStackDeployer.Core.Builds;
using AiStackDeployer.Web.Resources;
using Microsoft.Extensions.Localization;

namespace AiStackDeployer.Web.Presentation;

/// <summary>Builds in words.</summary>
public sealed class BuildText(IStringLocalizer<BuildTexts> texts)
{
    public (string Word, Tone Tone) Chip(BuildState state) => (texts["state-" + WireNames.Of(state)], state switch
    {
        BuildState.Queued => Tone.Waiting,
        BuildState.Running => Tone.Working,
        BuildState.Succeeded => Tone.Ready,
        BuildState.Failed => Tone.Failed,
        BuildState.Cancelled or BuildState.Skipped => Tone.Stopped,
        BuildState.Unknown => Tone.Quiet,
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    });

    public string Trouble(GiteaFault fault) => texts["trouble-" + WireNames.Of(fault)];

    /// <summary>A run by what people look it up by.</summary>
    public string Name(BuildRun run) => (run.Number, Short(run.Commit)) switch
    {
        (0, { } commit) => texts["of-commit", commit],
        (_, { } commit) => texts["run-commit", run.Number, commit],
        _ => texts["run", run.Number],
    };

    private static string? Short(string? commit) => commit?[..Math.Min(commit.Length, 8)];
}
