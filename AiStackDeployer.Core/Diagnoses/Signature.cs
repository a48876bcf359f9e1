using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;

namespace AiStackDeployer.Core.Diagnoses;

/// <summary>Who can cure it.</summary>
public enum CureBy
{
    /// <summary>The stack's owner, alone.</summary>
    Owner,

    /// <summary>An administrator of the portal: its settings, the image, the registry.</summary>
    Administrator,

    /// <summary>Who runs the servers, Dokploy and the network.</summary>
    Operator,
}

/// <summary>That a signature matches.</summary>
/// <param name="Line">The line it rests on, and where it is from.</param>
/// <param name="Subject">What its sentence names: an exit code, an image; null = nothing.</param>
public sealed record Sign(EvidenceLine Line, string? Subject = null);

/// <summary>
/// One known cause: a name that has a sentence, a cure and who can do it in every language, and how to tell it from the evidence. Nothing
/// is asked of anybody for a match.
/// </summary>
/// <param name="Code">Its stable name, e.g. <c>image-not-found</c>.</param>
public sealed record Signature(string Code, CureBy By, Func<Evidence, Sign?> Match)
{
    /// <summary>What the portal can do about it, in this order; none = nothing.</summary>
    public IReadOnlyList<Operation> Acts { get; init; } = [];

    /// <summary>Once it is cured, or by itself, the operation that failed may be tried again.</summary>
    public bool MayTryAgain { get; init; } = true;

    /// <summary>What to run on the server; <c>{service}</c>, <c>{host}</c> and <c>{image}</c> are the stack's.</summary>
    public string? Command { get; init; }

    /// <summary>Worth a word also while the stack answers.</summary>
    public bool MattersWhenWell { get; init; }
}

/// <summary>What a press can do about it.</summary>
public abstract record CureAct
{
    private CureAct()
    {
    }

    public sealed record Begin(Operation Operation) : CureAct;

    /// <summary>Tries the failed operation once more.</summary>
    public sealed record TryAgain : CureAct;
}

/// <summary>A signature that matches this stack's evidence.</summary>
public sealed record Finding(Signature Signature, Sign Sign, string? Command)
{
    public static Finding? Of(Signature signature, Evidence evidence) => signature.Match(evidence) is { } sign
        ? new Finding(signature, sign, Fill(signature.Command, evidence))
        : null;

    /// <summary>What can be begun now; whether the reader may is another question. Null = nothing.</summary>
    public CureAct? ActOf(StackRow row, DeploymentSnapshot last) =>
        Signature.Acts.FirstOrDefault(row.MayBegin) is { } operation ? new CureAct.Begin(operation)
        : Signature.MayTryAgain && last.MayBeRetried() ? new CureAct.TryAgain()
        : null;

    private static string? Fill(string? command, Evidence evidence) => command is null || (evidence.Row.Stack.AppName is null && command.Contains("{service}", StringComparison.Ordinal))
        ? null
        : command.Replace("{service}", evidence.Row.Stack.AppName, StringComparison.Ordinal).Replace("{image}", evidence.Row.Stack.Image, StringComparison.Ordinal)
            .Replace("{host}", new Uri(evidence.Row.Stack.Url).Host, StringComparison.Ordinal);
}
