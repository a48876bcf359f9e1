using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Naming;

namespace AiStackDeployer.Web.Components.Deploy;

/// <summary>Where the form for a new stack stands; a closed family.</summary>
public abstract record FormState
{
    private FormState()
    {
    }

    /// <summary>Whether the button may be pressed now.</summary>
    public virtual bool MaySubmit => false;

    /// <summary>The legal name in question, where there is one.</summary>
    public virtual StackName? Candidate => null;

    /// <summary>Nothing typed (<paramref name="Verdict"/> is null), or something that breaks a rule.</summary>
    public sealed record Editing(NameVerdict? Verdict) : FormState;

    /// <summary>A legal name whose availability is being asked. Submitting does not wait for the answer: the claim decides.</summary>
    public sealed record Checking(StackName Name) : FormState
    {
        public override bool MaySubmit => true;
        public override StackName? Candidate => Name;
    }

    public sealed record Answered(StackName Name, NameAvailability Answer) : FormState
    {
        public override bool MaySubmit => Answer.MayTry;
        public override StackName? Candidate => Name;
    }

    /// <summary>The question itself failed; a try is still allowed.</summary>
    public sealed record CheckFailed(StackName Name) : FormState
    {
        public override bool MaySubmit => true;
        public override StackName? Candidate => Name;
    }

    public sealed record Submitting(StackName Name) : FormState
    {
        public override StackName? Candidate => Name;
    }

    /// <summary>The submit was turned down, with the reason.</summary>
    public sealed record Refused(StackName Name, BeginResult Reason) : FormState
    {
        /// <summary>Trying the same again makes sense where the name was not the obstacle.</summary>
        public override bool MaySubmit => Reason is BeginResult.StorageUnavailable or BeginResult.RequestIdReused or BeginResult.QuotaReached or BeginResult.TooMany or BeginResult.UnderMaintenance;
        public override StackName? Candidate => Name;
    }

    /// <summary>The submit ended in a fault of ours, so what became of it is not known. The same request again finds out.</summary>
    public sealed record SubmitFailed(StackName Name) : FormState
    {
        public override bool MaySubmit => true;
        public override StackName? Candidate => Name;
    }

    /// <summary>The person may not start deployments.</summary>
    public sealed record Forbidden(StackName Name) : FormState
    {
        public override StackName? Candidate => Name;
    }

    /// <summary>It is under way; the page goes there.</summary>
    public sealed record Gone(string DeploymentId) : FormState;
}
