using AiStackDeployer.Core;
using AiStackDeployer.Core.Audit;
using AiStackDeployer.Core.Notices;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Web.Security;
using AiStackDeployer.Web.Settings;

namespace AiStackDeployer.Web.Notices;

/// <summary>How a person is told, as they may see it.</summary>
/// <param name="Ways">Those that the portal has.</param>
/// <param name="Webhook">Null = none is set.</param>
internal sealed record OwnNotices(NoticePreferences Chosen, IReadOnlyList<NoticeWay> Ways, string? Webhook, NoticeBox Box);

/// <summary>What a person decides about notices to them. Whoever calls has asked for the right to it.</summary>
/// <exception cref="Core.Deployments.StorageUnavailableException">Any of these: nothing was changed.</exception>
internal sealed class NoticeActs(
    NoticeStore notices, IEnumerable<INoticeSender> senders, ISecretProtector secrets, PortalSettings settings, AuditTrail audit, Ids ids, TimeProvider time)
{
    public async Task<OwnNotices> ReadAsync(Actor actor, CancellationToken cancellationToken)
    {
        var person = await notices.ReadAsync(actor.User.PersonId(), cancellationToken);
        return new OwnNotices(person, [.. senders.Select(sender => sender.Way)], AddressOf(person), await notices.ReadBoxAsync(actor.User.PersonId(), cancellationToken));
    }

    /// <param name="email">Null = as it is.</param>
    /// <param name="webhook">Null = as it is.</param>
    /// <param name="language">The one the person reads now.</param>
    public async Task ChooseAsync(Actor actor, IReadOnlyCollection<NoticeKind>? email, IReadOnlyCollection<NoticeKind>? webhook, string language)
    {
        await notices.ChangeAsync(
            actor.User.PersonId(),
            before => before with
            {
                EmailKinds = email is null ? before.EmailKinds : [.. email.Distinct().Order()],
                WebhookKinds = webhook is null ? before.WebhookKinds : [.. webhook.Distinct().Order()],
                Language = language,
            },
            CancellationToken.None);
        await audit.RecordAsync(actor, AuditActions.SetOwnNotices, AuditOutcome.Done);
    }

    /// <summary>Sets the address with a new secret; a person who has chosen nothing is told of what people are told by e-mail.</summary>
    /// <returns>The secret, which is shown this once; null when the address cannot be one.</returns>
    public async Task<string?> SetWebhookAsync(Actor actor, string? address)
    {
        if (WebhookSender.Parse(address, settings.IsDevelopment) is not { } parsed)
        {
            return null;
        }
        var secret = WebhookSecret.New();
        var target = new WebhookTarget(secrets.Protect(parsed.AbsoluteUri), secrets.Protect(secret));
        await notices.ChangeAsync(
            actor.User.PersonId(),
            before => before with { Webhook = target, WebhookKinds = before.WebhookKinds.Count > 0 ? before.WebhookKinds : NoticePreferences.DefaultEmailKinds },
            CancellationToken.None);
        await audit.RecordAsync(actor, AuditActions.SetOwnNotices, AuditOutcome.Done, detail: $"webhook at {parsed.Host}");
        return secret;
    }

    public async Task RemoveWebhookAsync(Actor actor)
    {
        await notices.ChangeAsync(actor.User.PersonId(), before => before with { Webhook = null, WebhookKinds = [] }, CancellationToken.None);
        await audit.RecordAsync(actor, AuditActions.SetOwnNotices, AuditOutcome.Done, detail: "webhook removed");
    }

    /// <summary>Sends one message now, with nothing in it that happened.</summary>
    public async Task<DeliveryResult> TestAsync(Actor actor, NoticeWay way, CancellationToken cancellationToken)
    {
        var person = await notices.ReadAsync(actor.User.PersonId(), cancellationToken);
        return senders.FirstOrDefault(sender => sender.Way == way && sender.CanReach(person)) is { } sender
            ? await sender.SendAsync(person, new NoticeDelivery(ids.NewRequestId(), way, [], time.GetUtcNow()), cancellationToken)
            : new DeliveryResult(DeliveryFault.NoAddress);
    }

    private string? AddressOf(NoticePreferences person)
    {
        try
        {
            return person.Webhook is { } webhook ? secrets.Unprotect(webhook.ProtectedAddress) : null;
        }
        catch (SecretUnreadableException)
        {
            return null;
        }
    }
}
