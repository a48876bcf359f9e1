using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using AiStackDeployer.Core.Notices;
using AiStackDeployer.Web.Resources;
using Microsoft.Extensions.Localization;

namespace AiStackDeployer.Web.Presentation;

/// <summary>A message as mail programs show it.</summary>
public sealed record EmailText(string SenderName, string Subject, string Plain, string Html);

/// <summary>What is posted to a webhook.</summary>
/// <param name="Type"><c>stack.notices</c>, or <c>test</c>.</param>
/// <param name="Timestamp">When it was sent.</param>
public sealed record WebhookMessage(string Type, DateTimeOffset Timestamp, WebhookData Data);

/// <param name="Portal">The portal's own address.</param>
/// <param name="More">How many more there were.</param>
public sealed record WebhookData(string Portal, IReadOnlyList<WebhookNotice> Notices, int More);

/// <param name="Id">The same for the same happening.</param>
/// <param name="Kind">What people choose by.</param>
/// <param name="Until">When what is announced will be done.</param>
public sealed record WebhookNotice(
    string Id, string Kind, string Cause, string Stack, string Url, DateTimeOffset At, DateTimeOffset? Until, string? Operation, string? DeploymentId, string? Failure, string? Image);

/// <summary>Notices in words, in the current UI culture.</summary>
public sealed class NoticeText(IStringLocalizer<NoticeTexts> texts, DeploymentText deployments, TimeProvider time)
{
    public const string WebhookTest = "test";
    public const string WebhookNotices = "stack.notices";

    public static string WireOf(NoticeKind kind) => kind.ToString().ToLowerInvariant();

    public string Kind(NoticeKind kind) => texts["kind-" + WireOf(kind)];

    public string Way(NoticeWay way) => texts["way-" + way.ToString().ToLowerInvariant()];

    /// <summary>What came of an attempt to deliver.</summary>
    public string Result(DeliveryResult result) => result.Fault is { } fault
        ? texts["fault-" + JsonNamingPolicy.KebabCaseLower.ConvertName(fault.ToString()), result.Detail is { } detail ? $" ({detail})" : ""]
        : texts["delivered"];

    public string Subject(Notice notice) => texts[notice.Cause.ToWire() + "-subject", notice.StackName];

    public string Sentence(Notice notice) => string.Format(
        CultureInfo.CurrentCulture, texts[notice.Cause.ToWire() + "-text"], notice.StackName,
        notice.Cause == NoticeCause.NotAnswering ? Moment(notice.At - NoticeRule.SilentFor)
            : notice.Until is { } until ? texts["at", Moment(until)].Value
            : NoticeKinds.Of(notice.Cause) is NoticeKind.Stop or NoticeKind.Deletion && notice.Cause != NoticeCause.Deleted ? texts["soon"].Value
            : Moment(notice.At),
        notice.Failure is { } code ? deployments.Failure(code) : "").TrimEnd();

    /// <param name="root">The portal's address.</param>
    public EmailText Email(NoticeDelivery delivery, string root)
    {
        var product = texts["product"].Value;
        var host = new Uri(root).Authority;
        var subject = delivery.Notices switch
        {
            [] => texts["test-subject"],
            [var one] when delivery.More == 0 => Subject(one),
            var several => texts["several-subject", several.Count + delivery.More],
        };
        var (plain, html) = (new StringBuilder(), new StringBuilder());
        if (delivery.Notices.Count == 0)
        {
            Paragraph(texts["test-text"]);
        }
        foreach (var notice in delivery.Notices)
        {
            Paragraph(Sentence(notice));
            Link(texts["open-page", notice.StackName], LinkTo(root, notice));
        }
        if (delivery.More > 0)
        {
            Paragraph(texts["and-more", delivery.More]);
        }
        plain.Append("-- \n");
        html.Append("<hr>");
        Paragraph(texts["footer", host]);
        Link(texts["choose"], root + "/account#notices");
        return new EmailText(product, subject, plain.ToString(), $"<!DOCTYPE html><html lang=\"{CultureInfo.CurrentUICulture.TwoLetterISOLanguageName}\"><body>{html}</body></html>");

        void Paragraph(string sentence)
        {
            plain.Append(sentence).Append("\n\n");
            html.Append("<p>").Append(HtmlEncoder.Default.Encode(sentence)).Append("</p>");
        }

        void Link(string word, string address)
        {
            plain.Append(word).Append(":\n").Append(address).Append("\n\n");
            html.Append("<p><a href=\"").Append(HtmlEncoder.Default.Encode(address)).Append("\">").Append(HtmlEncoder.Default.Encode(word)).Append("</a></p>");
        }
    }

    public static WebhookMessage WebhookOf(NoticeDelivery delivery, string root, DateTimeOffset now) => new(
        delivery.Notices.Count == 0 ? WebhookTest : WebhookNotices,
        now,
        new WebhookData(
            root,
            [
                .. delivery.Notices.Select(notice => new WebhookNotice(
                    notice.Id, WireOf(NoticeKinds.Of(notice.Cause)), notice.Cause.ToWire(), notice.StackName, LinkTo(root, notice), notice.At, notice.Until, notice.Operation,
                    notice.DeploymentId, notice.Failure is { } code ? Core.Deployments.FailureCodes.ToWire(code) : null, notice.Image)),
            ],
            delivery.More));

    /// <summary>A stack that is gone has no page any more; its last operation has.</summary>
    private static string LinkTo(string root, Notice notice) => notice is { Cause: NoticeCause.Deleted, DeploymentId: { } id }
        ? $"{root}/deployments/{Uri.EscapeDataString(id)}"
        : $"{root}/stacks/{Uri.EscapeDataString(notice.StackName)}";

    private string Moment(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, time.LocalTimeZone).ToString("d MMMM HH:mm (zzz)", CultureInfo.CurrentCulture);
}
