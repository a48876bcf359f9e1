using System.Net.Sockets;
using AiStackDeployer.Core.Notices;
using AiStackDeployer.Web.Settings;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;

namespace AiStackDeployer.Web.Notices;

/// <summary>One conversation with the mail server.</summary>
internal static class SmtpConnection
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    /// <summary>Connects and signs in; what goes wrong is the answer.</summary>
    public static async Task<DeliveryResult> RunAsync(SmtpSettings settings, Func<SmtpClient, CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Timeout);
        try
        {
            using var client = new SmtpClient { Timeout = (int)Timeout.TotalMilliseconds, CheckCertificateRevocation = false };
            await client.ConnectAsync(settings.Host, settings.Port, Of(settings.Security), limit.Token);
            if (settings.UserName is { } user)
            {
                await client.AuthenticateAsync(user, settings.Password!, limit.Token);
            }
            await work(client, limit.Token);
            await client.DisconnectAsync(quit: true, limit.Token);
            return DeliveryResult.Delivered;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new DeliveryResult(DeliveryFault.TimedOut);
        }
        catch (Exception e) when (FaultOf(e) is { } fault)
        {
            // The server's own words may quote what was sent; the status says enough.
            return new DeliveryResult(fault, e is SmtpCommandException refused ? ((int)refused.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture) : null);
        }
    }

    private static SecureSocketOptions Of(SmtpSecurity security) => security switch
    {
        SmtpSecurity.StartTls => SecureSocketOptions.StartTls,
        SmtpSecurity.Tls => SecureSocketOptions.SslOnConnect,
        SmtpSecurity.None => SecureSocketOptions.None,
        _ => throw new ArgumentOutOfRangeException(nameof(security), security, null),
    };

    private static DeliveryFault? FaultOf(Exception e) => e switch
    {
        SslHandshakeException or System.Security.Authentication.AuthenticationException => DeliveryFault.Tls,
        MailKit.Security.AuthenticationException or SaslException => DeliveryFault.SignIn,
        // The server offers no TLS, or no sign-in, where the settings ask for one.
        NotSupportedException => DeliveryFault.Tls,
        SocketException or ServiceNotConnectedException or IOException => DeliveryFault.Unreachable,
        TimeoutException => DeliveryFault.TimedOut,
        SmtpCommandException or SmtpProtocolException or ServiceNotAuthenticatedException => DeliveryFault.Refused,
        _ => null,
    };
}
