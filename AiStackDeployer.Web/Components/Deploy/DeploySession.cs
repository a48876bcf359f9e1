using AiStackDeployer.Core;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Naming;

namespace AiStackDeployer.Web.Components.Deploy;

/// <summary>
/// The state machine of the form for a new stack; one for each circuit. It knows no component, no clock and no database: what
/// happens outside is told to it, and an event that does not fit the state changes nothing.
/// </summary>
public sealed class DeploySession(NameRules rules, Ids ids)
{
    private StackName? _submitted;

    /// <summary>Exactly what stands in the field; it survives everything but a new form.</summary>
    public string Typed { get; private set; } = "";

    public FormState State { get; private set; } = new FormState.Editing(null);

    /// <summary>Makes every submit of the same name from this form the same deployment, however often the button is pressed.</summary>
    public string RequestId { get; private set; } = ids.NewRequestId();

    /// <summary>Under this id the form holds names.</summary>
    public string HolderId { get; private set; } = ids.NewRequestId();

    /// <summary>A new form, empty or with a draft of an earlier one.</summary>
    public void Begin(string? draft)
    {
        _submitted = null;
        RequestId = ids.NewRequestId();
        HolderId = ids.NewRequestId();
        Typed = "";
        State = new FormState.Editing(null);
        Type(draft);
    }

    /// <summary>The text in the field is this now. Rules are answered at once; a legal name is to be asked about next.</summary>
    public void Type(string? text)
    {
        if (State is FormState.Submitting or FormState.Gone)
        {
            return;
        }
        Typed = text ?? "";
        var verdict = rules.Check(Typed);
        if (verdict.Name is not { } name)
        {
            State = new FormState.Editing(verdict.Faults is [NameFault.Empty] ? null : verdict);
        }
        else
        {
            // What was pasted is a stack's address, and the field stands inside an address already.
            Typed = Typed.Trim().Equals(name, StringComparison.OrdinalIgnoreCase) ? Typed : name;
            State = State.Candidate == name ? State : new FormState.Checking(name);
        }
    }

    /// <summary>Asks about the name again, as after a lost connection.</summary>
    public void Recheck()
    {
        if (State is FormState.Answered or FormState.CheckFailed && State.Candidate is { } name)
        {
            State = new FormState.Checking(name);
        }
    }

    /// <summary>An answer came. False when it changes nothing, or the form has moved on and it is nobody's any more.</summary>
    public bool Answer(StackName name, NameAvailability answer)
    {
        var next = new FormState.Answered(name, answer);
        if (State is not (FormState.Checking or FormState.Answered or FormState.CheckFailed) || State.Candidate != name || State == next)
        {
            return false;
        }
        State = next;
        return true;
    }

    public bool FailCheck(StackName name)
    {
        if (State is not FormState.Checking || State.Candidate != name)
        {
            return false;
        }
        State = new FormState.CheckFailed(name);
        return true;
    }

    /// <summary>The button or Enter. Null when there is nothing to submit, or it is on its way already.</summary>
    public StartRequest? BeginSubmit(string ownerId)
    {
        if (!State.MaySubmit || State.Candidate is not { } name)
        {
            return null;
        }
        if (State is FormState.Refused { Reason: BeginResult.RequestIdReused } || (_submitted is { } before && before != name))
        {
            // Another name is another wish.
            RequestId = ids.NewRequestId();
        }
        _submitted = name;
        State = new FormState.Submitting(name);
        return new StartRequest { Name = name.Value, OwnerId = ownerId, RequestId = RequestId, HolderId = HolderId };
    }

    public void EndSubmit(BeginResult result)
    {
        if (State is FormState.Submitting { Name: var name })
        {
            State = result switch
            {
                BeginResult.Started started => new FormState.Gone(started.Deployment.Id),
                BeginResult.NameRefused refused => new FormState.Editing(refused.Verdict),
                BeginResult.NotAllowed => new FormState.Forbidden(name),
                _ => new FormState.Refused(name, result),
            };
        }
    }

    public void FailSubmit()
    {
        if (State is FormState.Submitting { Name: var name })
        {
            State = new FormState.SubmitFailed(name);
        }
    }
}
