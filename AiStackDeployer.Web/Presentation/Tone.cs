namespace AiStackDeployer.Web.Presentation;

/// <summary>What a colour may say; each also has a shape of its own (the <c>dot</c> in app.css) and always stands beside a word.</summary>
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
    /// <summary>The class that sets the colours of a plate, strip, row or chip.</summary>
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
}
