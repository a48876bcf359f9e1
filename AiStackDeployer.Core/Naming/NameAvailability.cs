namespace AiStackDeployer.Core.Naming;

/// <summary>The answer to "can I have this name?"; a closed family, to be matched without a default branch in mind.</summary>
public abstract record NameAvailability
{
    private NameAvailability(string asked) => Asked = asked;

    /// <summary>The name as it would be used, or what was typed where it cannot be one.</summary>
    public string Asked { get; }

    /// <summary>Stable code of the answer: for REST and MCP callers, and the key of its sentence.</summary>
    public abstract string Code { get; }

    /// <summary>Whether a submit makes sense now. The claim at submit decides in any case.</summary>
    public virtual bool MayTry => false;

    /// <summary>Up to three names, each found free a moment ago; empty where none is offered.</summary>
    public virtual IReadOnlyList<StackName> Suggestions => [];

    /// <summary>Free; <paramref name="IsHeld"/>: and kept for the form that asks.</summary>
    public sealed record Available(StackName Name, bool IsHeld) : NameAvailability(Name.Value)
    {
        public override string Code => "name-available";
        public override bool MayTry => true;
    }

    /// <summary>In use by the asker himself; the id leads to the deployment in progress or the last one.</summary>
    public sealed record TakenByYou(StackName Name, string? DeploymentId) : NameAvailability(Name.Value)
    {
        public override string Code => "name-taken-by-you";
    }

    /// <summary>In use by somebody else, here or upstream.</summary>
    public sealed record TakenByOther(StackName Name, IReadOnlyList<StackName> Suggestions) : NameAvailability(Name.Value)
    {
        public override string Code => "name-taken";
        public override IReadOnlyList<StackName> Suggestions { get; } = Suggestions;
    }

    /// <summary>Free, but held by the open form of somebody else.</summary>
    public sealed record BeingChosen(StackName Name, IReadOnlyList<StackName> Suggestions) : NameAvailability(Name.Value)
    {
        public override string Code => "name-being-chosen";
        public override IReadOnlyList<StackName> Suggestions { get; } = Suggestions;
    }

    /// <summary>The text breaks a rule of shape.</summary>
    public sealed record Invalid(NameVerdict Verdict) : NameAvailability(Verdict.Normalized)
    {
        public override string Code => "name-invalid";
    }

    /// <summary>A legal name that nobody may have.</summary>
    public sealed record Reserved(NameVerdict Verdict, IReadOnlyList<StackName> Suggestions) : NameAvailability(Verdict.Normalized)
    {
        public override string Code => NameFault.Reserved.ToCode();
        public override IReadOnlyList<StackName> Suggestions { get; } = Suggestions;
    }

    /// <summary>Free as far as the portal knows; upstream gave no answer, or refused the portal. The form still allows a try.</summary>
    public sealed record UpstreamUnreachable(StackName Name, bool IsHeld, bool IsRefused) : NameAvailability(Name.Value)
    {
        public override string Code => "name-upstream-unreachable";
        public override bool MayTry => true;
    }
}
