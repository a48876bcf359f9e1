using System.Text.Json;
using System.Threading.RateLimiting;
using AiStackDeployer.Core;
using OpenIddict.Abstractions;

namespace AiStackDeployer.Web.Security.OAuth;

/// <summary>
/// Clients that register themselves (RFC 7591), for those that have no description of their own. Anybody may: a registered client can do
/// nothing until a person allows it, so only their number must be bounded.
/// </summary>
internal sealed class ClientRegistrations(IServiceScopeFactory scopes, Ids ids, TimeProvider time) : IDisposable
{
    public const int LargestRequest = 8 * 1024;

    private const int MostClients = 2000;

    private readonly RateLimiter _pace = new FixedWindowRateLimiter(new FixedWindowRateLimiterOptions { PermitLimit = 20, Window = TimeSpan.FromMinutes(1), AutoReplenishment = true });

    public async Task<IResult> RegisterAsync(HttpContext context)
    {
        ClientDescription wish;
        try
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            wish = ClientDescription.Read(body.GetBuffer().AsSpan(0, (int)body.Length));
        }
        catch (JsonException)
        {
            return Refuse("invalid_client_metadata", "The request is no description of a client.");
        }
        if (!wish.HasGoodRedirects)
        {
            return Refuse("invalid_redirect_uri", "redirect_uris must name https addresses, http addresses of this machine (127.0.0.1, [::1], localhost), or a program's own scheme.");
        }
        await using var scope = scopes.CreateAsyncScope();
        var applications = scope.ServiceProvider.GetRequiredService<IOpenIddictApplicationManager>();
        using var lease = _pace.AttemptAcquire();
        if (!lease.IsAcquired || await applications.CountAsync(context.RequestAborted) >= MostClients)
        {
            context.Response.Headers.RetryAfter = "60";
            return Refuse("temporarily_unavailable", "Too many clients register. Try again in a minute.", StatusCodes.Status429TooManyRequests);
        }
        var application = wish.ToApplication(ids.NewClientId());
        await applications.CreateAsync(application, context.RequestAborted);
        return Results.Json(
            new RegisteredClient(application.ClientId!, time.GetUtcNow().ToUnixTimeSeconds(), application.DisplayName!, wish.RedirectUris!),
            ClientJson.Default.RegisteredClient, statusCode: StatusCodes.Status201Created);
    }

    public void Dispose() => _pace.Dispose();

    private static IResult Refuse(string code, string sentence, int status = StatusCodes.Status400BadRequest) =>
        Results.Json(new RegistrationError(code, sentence), ClientJson.Default.RegistrationError, statusCode: status);
}
