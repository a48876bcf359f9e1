using AiStackDeployer.Core.Connections;
using AiStackDeployer.Core.Notices;
using AiStackDeployer.Web.Settings;

namespace AiStackDeployer.Web.Notices;

internal static class NoticeServices
{
    public static IServiceCollection AddPortalNotices(this IServiceCollection services, PortalSettings settings)
    {
        if (settings.Mail is { } mail)
        {
            services.AddSingleton(mail).AddSingleton<INoticeSender, EmailSender>();
        }
        return services.AddSingleton<INoticeSender, WebhookSender>().AddSingleton<NoticeActs>();
    }

    /// <param name="hasFault">The settings of the mail server are wrong.</param>
    public static IServiceCollection AddSmtpCheck(this IServiceCollection services, SmtpSettings? mail, bool hasFault) => mail is null
        ? services.AddSingleton<IConnectionCheck>(new UnconfiguredCheck(hasFault ? ConnectionCause.EarlierFailed : ConnectionCause.MailNotSet, ConnectionFacts.None, ConnectionTarget.Mail))
        : services.AddSingleton<IConnectionCheck>(provider => new SmtpCheck(mail, provider.GetRequiredService<TimeProvider>()));
}
