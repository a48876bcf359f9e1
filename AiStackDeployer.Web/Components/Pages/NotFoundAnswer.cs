namespace AiStackDeployer.Web.Components.Pages;

internal static class NotFoundAnswer
{
    /// <summary>Status 404 for a page that itself says what is missing.</summary>
    public static void AnswerNotFound(this HttpContext? context) =>
        // Only as the answer leaves: Blazor drops the content of a page whose status is an error by the time it is drawn, expecting
        // a general page to be put in its place.
        context?.Response.OnStarting(() =>
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
}
