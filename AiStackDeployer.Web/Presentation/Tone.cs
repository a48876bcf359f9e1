using MudBlazor;

namespace AiStackDeployer.Web.Presentation;

/// <summary>What a colour may say; each also has a shape of its own and always stands beside a word.</summary>
public enum Tone
{
    /// <summary>Nothing is said yet.</summary>
    Quiet,
    Working,
    Ready,
    Waiting,
    Failed,
    Stopped,
}

public static class Tones
{
    /// <summary>The class that sets the colours of an address plate and its strip.</summary>
    public static string ToCss(this Tone tone) => tone switch
    {
        Tone.Quiet => "tone-quiet",
        Tone.Working => "tone-working",
        Tone.Ready => "tone-ready",
        Tone.Waiting => "tone-waiting",
        Tone.Failed => "tone-failed",
        Tone.Stopped => "tone-stopped",
        _ => throw new ArgumentOutOfRangeException(nameof(tone), tone, null),
    };

    /// <summary>The file of the tab's icon.</summary>
    public static string ToTabIcon(this Tone tone) => tone switch
    {
        Tone.Quiet or Tone.Stopped => "favicon.svg",
        Tone.Working => "favicon-working.svg",
        Tone.Ready => "favicon-ready.svg",
        Tone.Waiting => "favicon-waiting.svg",
        Tone.Failed => "favicon-failed.svg",
        _ => throw new ArgumentOutOfRangeException(nameof(tone), tone, null),
    };

    public static Color ToColor(this Tone tone) => tone switch
    {
        Tone.Quiet => Color.Default,
        Tone.Working => Color.Primary,
        Tone.Ready => Color.Success,
        Tone.Waiting => Color.Warning,
        Tone.Failed => Color.Error,
        Tone.Stopped => Color.Dark,
        _ => throw new ArgumentOutOfRangeException(nameof(tone), tone, null),
    };

    /// <summary>A shape for each, so that no state is told by colour alone: also in print and under forced colours.</summary>
    public static string ToIcon(this Tone tone) => tone switch
    {
        Tone.Quiet => """<circle cx="12" cy="12" r="8" fill="none" stroke="currentColor" stroke-width="4"/>""",
        Tone.Working => """<circle cx="12" cy="12" r="7" fill="none" stroke="currentColor" stroke-width="6"/>""",
        Tone.Ready => """<circle cx="12" cy="12" r="10"/>""",
        Tone.Waiting => """<path d="M12 1l11 11-11 11L1 12z"/>""",
        Tone.Failed => """<rect x="2" y="2" width="20" height="20" rx="4"/>""",
        Tone.Stopped => """<rect x="2" y="8" width="20" height="8" rx="4"/>""",
        _ => throw new ArgumentOutOfRangeException(nameof(tone), tone, null),
    };
}
