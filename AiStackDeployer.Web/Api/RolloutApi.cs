using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AiStackDeployer.Core.Rollouts;
using AiStackDeployer.Web.Presentation;
using AiStackDeployer.Web.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AiStackDeployer.Web.Api;

internal static class RolloutApi
{
    public static void MapRollout(this RouteGroupBuilder portal)
    {
        var api = portal.MapGroup("/admin/rollout").WithTags("Portal").ProducesProblems(ProblemKinds.Always).ProducesProblems(ProblemKinds.NotAllowed);
        api.MapGet("", GetAsync).WithName("getRollout").RequireAuthorization(Policies.ManagePortal)
            .WithSummary("Read the roll-outs")
            .WithDescription("The newest roll-out of an image with each of its stacks, and those before it in brief. For administrators.");
        api.MapGet("/preview", PreviewAsync).WithName("previewRollout").RequireAuthorization(Policies.ManagePortal)
            .WithSummary("See what a roll-out would do")
            .WithDescription("Begins nothing. For administrators.")
            .ProducesProblems(ProblemKinds.ParameterInvalid);
        api.MapPost("", StartAsync).WithName("startRollout")
            .WithSummary("Start a roll-out")
            .WithDescription(
                """
                Gives stacks another image: the canary first and alone, then waves. A stack in use waits until nobody works in it; one that is stopped
                at its turn is left out. One roll-out at a time. For administrators.
                """)
            .ProducesProblems(ProblemKinds.MalformedRequest, ProblemKinds.RolloutRefused, ProblemKinds.TooLarge, ProblemKinds.UnsupportedMediaType);
        api.MapPost("/{id}/{act}", ActAsync).WithName("changeRollout")
            .WithSummary("Pause, resume, cancel, or go back")
            .WithDescription(
                """
                `pause`, `resume` and `cancel` let finish what runs. `go_back` gives every stack that was updated the image it had before, the newest
                wave first. For administrators.
                """)
            .ProducesProblems(ProblemKinds.ParameterInvalid, ProblemKinds.RolloutNotFound, ProblemKinds.RolloutNotNow);
    }

    private static async Task<Ok<RolloutsAnswer>> GetAsync(RolloutService rollouts, RolloutText text, CancellationToken cancellationToken)
    {
        var book = await rollouts.ReadAsync(cancellationToken);
        return TypedResults.Ok(new RolloutsAnswer(book.Newest is { } newest ? RolloutAnswer.Of(newest, text) : null, [.. book.Past.Select(PastRolloutAnswer.Of)]));
    }

    private static async Task<Ok<RolloutPreviewAnswer>> PreviewAsync(
        RolloutService rollouts,
        [Description("The new image, with a tag or digest."), MaxLength(300)] string image,
        [Description("Only stacks that have this image now."), MaxLength(300)] string? from,
        [Description("Only stacks with this in their name, label or owner's name."), MaxLength(100)] string? search,
        [Description("The major version of OpenCode in the image, where no stack has told it."), Range(1, 9)] int? openCode,
        CancellationToken cancellationToken) => TypedResults.Ok(RolloutPreviewAnswer.Of(await rollouts.PreviewAsync(
            new RolloutWish { Image = image, FromImage = from, Search = search, OpenCode = openCode }, cancellationToken)));

    private static async Task<Results<Ok<RolloutAnswer>, ProblemHttpResult>> StartAsync(RolloutRequest request, HttpContext context, RolloutActs acts, RolloutText text) =>
        Answer(await acts.StartAsync(Actor.Of(context), request.ToWish()), text);

    private static async Task<Results<Ok<RolloutAnswer>, ProblemHttpResult>> ActAsync(
        [Description("The roll-out's id.")] string id, [Description("What to do with it.")] Choice<RolloutAct> act, HttpContext context, RolloutActs acts, RolloutText text) =>
        Answer(await acts.ActAsync(Actor.Of(context), id, act.Value), text);

    private static Results<Ok<RolloutAnswer>, ProblemHttpResult> Answer(RolloutResult result, RolloutText text) => result switch
    {
        RolloutResult.Done { Rollout: var rollout } => TypedResults.Ok(RolloutAnswer.Of(rollout, text)),
        RolloutResult.Refused { Why: var why } => Problems.Of(ProblemKinds.RolloutRefused, text.Refused(why), parameter: WireNames.Of(why)),
        RolloutResult.NotNow => Problems.Of(ProblemKinds.RolloutNotNow),
        RolloutResult.NotFound => Problems.Of(ProblemKinds.RolloutNotFound),
        RolloutResult.NotAllowed => Problems.Of(ProblemKinds.NotAllowed),
        _ => throw new InvalidOperationException($"Unknown result {result.GetType().Name}."),
    };
}
