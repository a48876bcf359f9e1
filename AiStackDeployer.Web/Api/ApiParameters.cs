using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Web.Presentation;

namespace AiStackDeployer.Web.Api;

/// <summary>The parameters of all addresses.</summary>
internal static class ApiParameters
{
    private const int FarthestSkip = 1_000_000_000;

    public static readonly NumberParameter Skip = new("skip", "How many rows to leave out from the start.", 0, FarthestSkip, 0);

    public static readonly NumberParameter Take = new("take", "How many rows to answer with.", 1, 100, 25);

    public static readonly TextParameter Name = new("name", "Only names that contain this, whatever its case.", "design");

    public static readonly FlagParameter Mine = new(
        "mine", "`true`: only what the caller made. Otherwise everybody's, which takes an administrator.");

    public static readonly ChoiceParameter Status = new(
        "status", "Only deployments with this status. Repeat it for several.", WireNames.All<DeploymentStatus>(), Repeats: true);

    public static readonly ChoiceParameter Kind = new("kind", "Only what did this to its stack. Without it, both.", WireNames.All<DeploymentKind>());

    public static readonly FlagParameter Active = new(
        "active", "`true`: only deployments that wait, run or clean up. `false`: only those that have ended. Without it, both.", Default: null);

    public static readonly TextParameter Before = new(
        "before", "Only deployments older than this one, whose id it is. `next` carries it: a page begins where the one before ended, "
        + "whatever was begun meanwhile.", "dep_1790000000000_bcdfghjk");

    public static readonly TextParameter StackId = new("stackId", "Only deployments of this stack.", "stk_1790000000000_bcdfghjk");

    public static readonly ChoiceParameter State = new(
        // A deleted one has its name no more.
        "state", "Only stacks in this state. Repeat it for several.",
        [.. WireNames.All<StackState>().Where(word => word != WireNames.Of(StackState.Deleted))], Repeats: true);

    public static readonly TextParameter MeantStack = new(
        "stackId", "The id of the stack that is meant. When its name is another stack's by now, nothing is deleted.", "stk_1790000000000_bcdfghjk");

    public static readonly TextParameter Confirm = new("confirm", "The stack's name once more: deleting cannot be taken back.", "design-lab");

    public static readonly ChoiceParameter Sort = new("sort", "What to sort by.", WireNames.All<StackOrder>(), WireNames.Of(StackOrder.Created));

    public static readonly ChoiceParameter Order = new(
        "order", "`asc` or `desc`. Without it, `desc` by `created` and `asc` by anything else.", WireNames.All<SortDirection>());

    public static readonly NumberParameter After = new(
        "after", "Only events with a higher id; of a stream the same as the header Last-Event-ID. Without it, a page begins with the first event "
        + "and a stream with the state now.", 0, FarthestSkip, Default: null);

    public static readonly NumberParameter TakeEvents = new("take", "How many events to answer with.", 1, 500, 100);

    public static readonly FlagParameter Fresh = new("fresh", "`true`: look again, unless somebody did in the last three seconds.");

    public static readonly TextParameter AskedName = new("name", "The name as a person would type it.", "design-lab", int.MaxValue);
}

/// <summary>What the list of stacks can be sorted by. Owners are not told, so not by them.</summary>
internal enum StackOrder
{
    Created,
    Name,
    State,
    Image,
}

internal enum SortDirection
{
    Asc,
    Desc,
}
