using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using AiStackDeployer.Core.Notices;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Web.Presentation;
using AiStackDeployer.Web.Security.OAuth;
using AiStackDeployer.Web.Settings;

namespace AiStackDeployer.Web.Notices;

/// <summary>
/// Notices as signed JSON to an address that a person named (https://www.standardwebhooks.com). The address is a stranger's word: it is called through
/// <see cref="OutsideHttp"/>, and nothing of the answer is read but its status.
/// </summary>
internal sealed class WebhookSender(OutsideOptions outside, ISecretProtector secrets, PortalSettings portal, TimeProvider time) : INoticeSender, IDisposable
{
    private readonly HttpClient _http = OutsideHttp.NewClient(portal.IsDevelopment ? outside with { MayConnect = address => IPAddress.IsLoopback(address) || outside.MayConnect(address) } : outside);

    public NoticeWay Way => NoticeWay.Webhook;

    public bool CanReach(NoticePreferences person) => person.Webhook is not null;

    public async Task<DeliveryResult> SendAsync(NoticePreferences person, NoticeDelivery delivery, CancellationToken cancellationToken)
    {
        if (Open(person.Webhook) is not var (address, secret))
        {
            return new DeliveryResult(DeliveryFault.NoAddress);
        }
        var body = JsonSerializer.SerializeToUtf8Bytes(NoticeText.WebhookOf(delivery, NoticeLinks.RootOf(portal), time.GetUtcNow()), WebhookJsonContext.Default.WebhookMessage);
        var at = time.GetUtcNow().ToUnixTimeSeconds();
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.UserAgent.ParseAdd("ai-stack-deployer");
        request.Headers.Add("webhook-id", delivery.Id);
        request.Headers.Add("webhook-timestamp", at.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", WebhookSecret.Sign(secret, delivery.Id, at, body));
        try
        {
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return answer.IsSuccessStatusCode
                ? DeliveryResult.Delivered
                : new DeliveryResult(DeliveryFault.Refused, ((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new DeliveryResult(DeliveryFault.TimedOut);
        }
        catch (HttpRequestException e)
        {
            return new DeliveryResult(FaultOf(e));
        }
    }

    /// <summary>An address that may be called; null when it is none.</summary>
    /// <param name="isDevelopment">Then also this machine's own, without https.</param>
    public static Uri? Parse(string? typed, bool isDevelopment) =>
        Uri.TryCreate(typed?.Trim(), UriKind.Absolute, out var address) && address.AbsoluteUri.Length <= LongestAddress && address.UserInfo.Length == 0 && address.Fragment.Length == 0
        && (address.Scheme == Uri.UriSchemeHttps || (isDevelopment && address.Scheme == Uri.UriSchemeHttp && address.IsLoopback))
            ? address
            : null;

    public const int LongestAddress = 500;

    public void Dispose() => _http.Dispose();

    private (Uri Address, string Secret)? Open(WebhookTarget? target)
    {
        try
        {
            return target is not null && Parse(secrets.Unprotect(target.ProtectedAddress), portal.IsDevelopment) is { } address
                ? (address, secrets.Unprotect(target.ProtectedSecret))
                : null;
        }
        catch (SecretUnreadableException)
        {
            return null;
        }
    }

    private static DeliveryFault FaultOf(HttpRequestException e) => e switch
    {
        OutsideHttp.NotPublicException or { InnerException: OutsideHttp.NotPublicException } => DeliveryFault.NotPublic,
        { HttpRequestError: HttpRequestError.SecureConnectionError } or { InnerException: AuthenticationException } => DeliveryFault.Tls,
        _ => DeliveryFault.Unreachable,
    };
}

/// <summary>What messages are signed with: <c>whsec_</c> and 32 random bytes.</summary>
internal static class WebhookSecret
{
    private const string Prefix = "whsec_";

    public static string New() => Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    /// <summary>The value of <c>webhook-signature</c>.</summary>
    public static string Sign(string secret, string id, long timestamp, ReadOnlySpan<byte> body)
    {
        byte[] signed = [.. Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}.")), .. body];
        return "v1," + Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(secret[Prefix.Length..]), signed));
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WebhookMessage))]
internal sealed partial class WebhookJsonContext : JsonSerializerContext;
