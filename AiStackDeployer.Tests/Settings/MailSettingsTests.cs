using AiStackDeployer.Web.Settings;

namespace AiStackDeployer.Tests.Settings;

public sealed class MailSettingsTests
{
    private static readonly (string, string?)[] Two = [("SMTP_HOST", "mail.test"), ("SMTP_FROM", "stacks@portal.test")];

    [Fact]
    public void Without_a_server_there_is_no_mail() => Assert.Null(SettingsBench.Production().Mail);

    [Theory]
    [InlineData(null, 587, SmtpSecurity.StartTls)]
    [InlineData("tls", 465, SmtpSecurity.Tls)]
    [InlineData("none", 25, SmtpSecurity.None)]
    public void A_server_and_a_sender_are_enough(string? security, int port, SmtpSecurity read) =>
        Assert.Equal(new SmtpSettings("mail.test", port, read, null, null, "stacks@portal.test"), SettingsBench.Production([.. Two, ("SMTP_SECURITY", security)]).Mail);

    [Theory]
    [InlineData("SMTP_FROM", null)]
    [InlineData("SMTP_FROM", "Stacks <stacks@portal.test>")]
    [InlineData("SMTP_FROM", "portal.test")]
    [InlineData("SMTP_HOST", "smtp://mail.test")]
    [InlineData("SMTP_HOST", null)]
    [InlineData("SMTP_PORT", "70000")]
    [InlineData("SMTP_SECURITY", "ssl")]
    public void A_value_that_cannot_be_is_a_fault(string key, string? value) => Assert.StartsWith(
        key == "SMTP_HOST" && value is null ? "SMTP_FROM is set, but SMTP_HOST is not." : key + " ",
        Assert.Single(SettingsBench.Faults([.. Two.Where(pair => pair.Item1 != key), (key, value)])), StringComparison.Ordinal);

    [Theory]
    [InlineData("SMTP_USERNAME", "SMTP_PASSWORD is not set, but SMTP_USERNAME is.")]
    [InlineData("SMTP_PASSWORD", "SMTP_USERNAME is not set, but SMTP_PASSWORD is.")]
    public void Name_and_password_belong_together(string key, string fault) => Assert.Equal([fault], SettingsBench.Faults([.. Two, (key, "x")]));

    [Fact]
    public void A_password_does_not_travel_in_the_clear_but_to_this_machine()
    {
        (string, string?)[] signIn = [("SMTP_USERNAME", "portal"), ("SMTP_PASSWORD", "x"), ("SMTP_SECURITY", "none"), ("SMTP_FROM", "stacks@portal.test")];
        Assert.StartsWith("SMTP_SECURITY ", Assert.Single(SettingsBench.Faults([.. signIn, ("SMTP_HOST", "mail.test")])), StringComparison.Ordinal);
        Assert.Equal("portal", SettingsBench.Production([.. signIn, ("SMTP_HOST", "127.0.0.1")]).Mail!.UserName);
    }
}
