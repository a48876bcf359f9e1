using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using System.Threading.RateLimiting;
using OpenIddict.Abstractions;

namespace AiStackDeployer.Web.Security.OAuth;

/// <summary>
/// Clients whose id is the https address of their own description (Client ID Metadata Document): whoever controls that address is the
/// client. It is read when somebody is asked to allow it, and kept for an hour.
/// </summary>
internal sealed partial class ClientDocuments(IServiceScopeFactory scopes, OutsideOptions outside, TimeProvider time, ILogger<ClientDocuments> logger) : IDisposable
{
    private const int LargestDocument = 5 * 1024;

    /// <summary>Documents that are remembered as read; more are read again.</summary>
    private const int MostKept = 1000;

    private static readonly TimeSpan Fresh = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _read = [];
    private readonly HttpClient _http = OutsideHttp.NewClient(outside);

    private readonly RateLimiter _pace = new FixedWindowRateLimiter(new FixedWindowRateLimiterOptions { PermitLimit = outside.PerMinute, Window = TimeSpan.FromMinutes(1), AutoReplenishment = true });

    /// <summary>Whether a client's id is meant to be such an address; others come from the registration.</summary>
    public static bool IsAddress(string? clientId) => clientId?.Contains(':', StringComparison.Ordinal) == true;

    /// <summary>False when there is no description that fits; then the client is not known, or no more.</summary>
    public async Task<bool> KnowAsync(string clientId, CancellationToken cancellationToken)
    {
        if (_read.TryGetValue(clientId, out var at) && time.GetUtcNow() - at < Fresh)
        {
            return true;
        }
        if (!IsGood(clientId, out var address))
        {
            return false;
        }
        await using var scope = scopes.CreateAsyncScope();
        var applications = scope.ServiceProvider.GetRequiredService<IOpenIddictApplicationManager>();
        var known = await applications.FindByClientIdAsync(clientId, cancellationToken);
        ClientDescription description;
        try
        {
            description = await ReadAsync(address, clientId, cancellationToken);
        }
        catch (Exception e) when (e is HttpRequestException { StatusCode: null } or IOException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            // Its server is away: what it said before holds.
            NotRead(address.Host, e.Message);
            return known is not null;
        }
        catch (Exception e) when (e is JsonException or HttpRequestException)
        {
            NotRead(address.Host, e.Message);
            return false;
        }
        var application = description.ToApplication(clientId);
        if (known is null)
        {
            await applications.CreateAsync(application, cancellationToken);
        }
        else
        {
            await applications.UpdateAsync(known, application, cancellationToken);
        }
        if (_read.Count < MostKept)
        {
            _read[clientId] = time.GetUtcNow();
        }
        else
        {
            _read.Clear();
        }
        return true;
    }

    /// <summary>It must be looked up again, as it was removed from the database.</summary>
    public void Forget(string clientId) => _read.TryRemove(clientId, out _);

    public void Dispose()
    {
        _http.Dispose();
        _pace.Dispose();
    }

    private static bool IsGood(string clientId, out Uri address) =>
        Uri.TryCreate(clientId, UriKind.Absolute, out address!)
        && clientId.Length <= ClientDescription.LongestAddress
        && address.Scheme == Uri.UriSchemeHttps
        && address.UserInfo.Length == 0 && address.Fragment.Length == 0
        && address.AbsolutePath.Length > 1
        // Written as it is called: no dots to go up by, no port that is the usual one, no other spelling of the same address.
        && address.AbsoluteUri == clientId;

    /// <exception cref="HttpRequestException">With a status: it answers, and not with a description.</exception>
    /// <exception cref="JsonException">What it answers is none, or another client's.</exception>
    private async Task<ClientDescription> ReadAsync(Uri address, string clientId, CancellationToken cancellationToken)
    {
        using var lease = _pace.AttemptAcquire();
        if (!lease.IsAcquired)
        {
            throw new HttpRequestException("Too many descriptions are asked for.");
        }
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(outside.Timeout);
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Accept.ParseAdd("application/json");
        using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
        if (answer.StatusCode != HttpStatusCode.OK)
        {
            throw new HttpRequestException("It answers with another status than 200.", null, answer.StatusCode);
        }
        var whole = new byte[LargestDocument + 1];
        await using var body = await answer.Content.ReadAsStreamAsync(limit.Token);
        var length = await body.ReadAtLeastAsync(whole, whole.Length, throwOnEndOfStream: false, limit.Token);
        if (length > LargestDocument)
        {
            throw new JsonException("It is larger than 5 KB.");
        }
        var description = ClientDescription.Read(whole.AsSpan(0, length));
        return description.ClientId != clientId ? throw new JsonException("It names another client.")
            : !description.HasGoodRedirects ? throw new JsonException("It names no address that a code may be sent to.")
            : description;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The description of a client at {Host} could not be used: {Reason}")]
    private partial void NotRead(string host, string reason);
}
