using AiStackDeployer.Core;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Naming;
using AiStackDeployer.Web.Components.Deploy;

namespace AiStackDeployer.Tests.Components;

public sealed class DeploySessionTests
{
    private static readonly StackName Lab = StackName.FromStored("design-lab");
    private static readonly StackName Other = StackName.FromStored("other-name");

    private static readonly Dictionary<string, Action<DeploySession>> Events = new()
    {
        ["type another"] = s => s.Type("other-name"),
        ["type the same"] = s => s.Type(" Design-Lab "),
        ["type a fault"] = s => s.Type("a!"),
        ["clear"] = s => s.Type(""),
        ["free"] = s => s.Answer(Lab, Free),
        ["taken"] = s => s.Answer(Lab, Taken),
        ["stale answer"] = s => s.Answer(Other, Taken),
        ["check fails"] = s => s.FailCheck(Lab),
        ["recheck"] = s => s.Recheck(),
        ["submit"] = s => s.BeginSubmit("usr_me"),
        ["started"] = s => s.EndSubmit(Started),
        ["refused"] = s => s.EndSubmit(new BeginResult.NameTaken(false, [])),
        ["no storage"] = s => s.EndSubmit(new BeginResult.StorageUnavailable()),
        ["submit fails"] = s => s.FailSubmit(),
        ["forbid"] = s => s.EndSubmit(new BeginResult.NotAllowed()),
    };

    private static readonly Dictionary<string, string[]> Paths = new()
    {
        ["empty"] = [],
        ["faulty"] = ["type a fault"],
        ["checking"] = ["type the same"],
        ["answered free"] = ["type the same", "free"],
        ["answered taken"] = ["type the same", "taken"],
        ["check failed"] = ["type the same", "check fails"],
        ["submitting"] = ["type the same", "free", "submit"],
        ["refused taken"] = ["type the same", "free", "submit", "refused"],
        ["refused storage"] = ["type the same", "free", "submit", "no storage"],
        ["submit failed"] = ["type the same", "free", "submit", "submit fails"],
        ["forbidden"] = ["type the same", "free", "submit", "forbid"],
        ["gone"] = ["type the same", "free", "submit", "started"],
    };

    private static NameAvailability Free => new NameAvailability.Available(Lab, IsHeld: true);

    private static NameAvailability Taken => new NameAvailability.TakenByOther(Lab, [Other]);

    private static BeginResult Started => new BeginResult.Started(
        new DeploymentSnapshot
        {
            Id = "dep_1", Operation = OperationCatalog.Deploy, StackId = "stk_1", Name = Lab, OwnerId = "usr_me", Url = "https://design-lab.ai.example.org",
            Phase = DeploymentPhase.Queued, CurrentStep = DeploymentStep.ClaimName, Progress = 0, Steps = [], CreatedAt = default,
            LastSequence = 1, TraceId = "t",
        },
        Existing: false);

    [Fact]
    public void Every_event_in_every_state_leads_where_the_table_says_and_an_event_out_of_place_changes_nothing()
    {
        // Per state: what each event leads to; an event that is not named leaves it as it is.
        var table = new Dictionary<string, Dictionary<string, string>>
        {
            ["empty"] = Typing(("type the same", "checking"), ("type another", "checking"), ("type a fault", "faulty")),
            ["faulty"] = Typing(("type the same", "checking"), ("type another", "checking"), ("clear", "empty")),
            ["checking"] = Typing(("type another", "checking"), ("type a fault", "faulty"), ("clear", "empty"),
                ("free", "answered free"), ("taken", "answered taken"), ("check fails", "check failed"), ("submit", "submitting")),
            ["answered free"] = Typing(("type another", "checking"), ("type a fault", "faulty"), ("clear", "empty"),
                ("taken", "answered taken"), ("recheck", "checking"), ("submit", "submitting")),
            ["answered taken"] = Typing(("type another", "checking"), ("type a fault", "faulty"), ("clear", "empty"),
                ("free", "answered free"), ("recheck", "checking")),
            ["check failed"] = Typing(("type another", "checking"), ("type a fault", "faulty"), ("clear", "empty"),
                ("free", "answered free"), ("taken", "answered taken"), ("recheck", "checking"), ("submit", "submitting")),
            ["submitting"] = Typing(("started", "gone"), ("refused", "refused taken"), ("no storage", "refused storage"),
                ("submit fails", "submit failed"), ("forbid", "forbidden")),
            ["refused taken"] = Typing(("type another", "checking"), ("type a fault", "faulty"), ("clear", "empty")),
            ["refused storage"] = Typing(("type another", "checking"), ("type a fault", "faulty"), ("clear", "empty"), ("submit", "submitting")),
            ["submit failed"] = Typing(("type another", "checking"), ("type a fault", "faulty"), ("clear", "empty"), ("submit", "submitting")),
            ["forbidden"] = Typing(("type another", "checking"), ("type a fault", "faulty"), ("clear", "empty")),
            ["gone"] = Typing(),
        };

        foreach (var (state, path) in Paths)
        {
            foreach (var (name, happen) in Events)
            {
                var session = Arrive(path);
                Assert.Equal(state, NameOf(session.State));

                happen(session);

                var expected = table[state].GetValueOrDefault(name, state);
                Assert.True(expected == NameOf(session.State), $"{state} + {name} = {NameOf(session.State)}, expected {expected}");
            }
        }
    }

    [Fact]
    public void A_double_submit_gives_one_request()
    {
        var session = Arrive(["type the same", "free"]);

        Assert.NotNull(session.BeginSubmit("usr_me"));
        Assert.Null(session.BeginSubmit("usr_me"));
    }

    [Fact]
    public void The_same_name_again_keeps_its_request_id_and_another_name_gets_a_new_one()
    {
        var session = Arrive(["type the same", "free"]);
        var first = session.BeginSubmit("usr_me")!.RequestId;
        session.FailSubmit();

        Assert.Equal(first, session.BeginSubmit("usr_me")!.RequestId);

        session.FailSubmit();
        session.Type("other-name");
        Assert.NotEqual(first, session.BeginSubmit("usr_me")!.RequestId);
    }

    [Fact]
    public void A_reused_request_id_is_replaced_at_the_next_try()
    {
        var session = Arrive(["type the same", "free"]);
        var first = session.BeginSubmit("usr_me")!.RequestId;
        session.EndSubmit(new BeginResult.RequestIdReused(Other));

        Assert.NotEqual(first, session.BeginSubmit("usr_me")!.RequestId);
    }

    [Fact]
    public void What_was_typed_survives_a_refusal_letter_by_letter()
    {
        var session = Arrive([]);
        session.Type(" Design-Lab");
        session.BeginSubmit("usr_me");
        session.EndSubmit(new BeginResult.StorageUnavailable());

        Assert.Equal(" Design-Lab", session.Typed);
    }

    [Fact]
    public void A_new_form_starts_with_the_draft_and_with_ids_of_its_own()
    {
        var session = Arrive(Paths["gone"]);
        var (request, holder) = (session.RequestId, session.HolderId);

        session.Begin("other-name");

        Assert.Equal("other-name", session.Typed);
        Assert.IsType<FormState.Checking>(session.State);
        Assert.NotEqual(request, session.RequestId);
        Assert.NotEqual(holder, session.HolderId);
    }

    private static Dictionary<string, string> Typing(params (string Event, string State)[] moves) =>
        moves.ToDictionary(m => m.Event, m => m.State);

    private static DeploySession Arrive(IEnumerable<string> path)
    {
        var session = new DeploySession(new NameRules(ReservedNames.Default), new Ids(TimeProvider.System));
        foreach (var step in path)
        {
            Events[step](session);
        }
        return session;
    }

    private static string NameOf(FormState state) => state switch
    {
        FormState.Editing { Verdict: null } => "empty",
        FormState.Editing => "faulty",
        FormState.Checking => "checking",
        FormState.Answered { Answer.MayTry: true } => "answered free",
        FormState.Answered => "answered taken",
        FormState.CheckFailed => "check failed",
        FormState.Submitting => "submitting",
        FormState.Refused { Reason: BeginResult.StorageUnavailable } => "refused storage",
        FormState.Refused => "refused taken",
        FormState.SubmitFailed => "submit failed",
        FormState.Forbidden => "forbidden",
        FormState.Gone => "gone",
        _ => state.GetType().Name,
    };
}
