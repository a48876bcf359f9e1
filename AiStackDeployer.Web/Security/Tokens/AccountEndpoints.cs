using AiStackDeployer.Core.Audit;
using AiStackDeployer.Core.People;
using AiStackDeployer.Web.Security.OAuth;
using AiStackDeployer.Web.Security.SignIn;

namespace AiStackDeployer.Web.Security.Tokens;

/// <summary>What the buttons of the account page do. The page itself makes tokens: what is shown once is in the answer to that very press.</summary>
internal static class AccountEndpoints
{
    public const string Page = "/account";

    public static void MapAccount(this IEndpointRouteBuilder app)
    {
        var own = app.MapGroup(Page).RequireAuthorization(Policies.ManageOwnAccess).ExcludeFromDescription();
        own.MapPost("/sessions/{id}/end", async (string id, HttpContext context, IPeople people, LiveSessions live, AuditTrail audit, TimeProvider time, IFormCollection _) =>
        {
            if (await people.EndSessionAsync(context.User.PersonId(), id, time.GetUtcNow(), context.RequestAborted))
            {
                live.End(id);
                await audit.RecordAsync(Actor.Of(context), AuditActions.EndSession, AuditOutcome.Done, id);
            }
            return Back(context);
        });
        own.MapPost("/tokens/{id}/revoke", async (string id, HttpContext context, PersonalTokens tokens, IFormCollection _) =>
        {
            await tokens.RevokeAsync(context, id, context.RequestAborted);
            return Back(context);
        });
        own.MapPost("/clients/{id}/revoke", async (string id, HttpContext context, ClientAccess clients, IFormCollection _) =>
        {
            await clients.RevokeAsync(context, id, context.RequestAborted);
            return Back(context);
        });
    }

    private static IResult Back(HttpContext context) => Results.Redirect(context.Request.PathBase + Page);
}
