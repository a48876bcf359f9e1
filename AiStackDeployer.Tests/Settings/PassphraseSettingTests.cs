using AiStackDeployer.Core.Backup;
using AiStackDeployer.Web.Composition;

namespace AiStackDeployer.Tests.Settings;

/// <summary>A passphrase's file is read by the command itself, or mounted as the setting's own: a backup must open with either.</summary>
public sealed class PassphraseSettingTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Theory]
    [InlineData("words words words")]
    [InlineData("words words words\n")]
    [InlineData("words words words \nnote")]
    [InlineData("  words words words\r\nnote\r\n")]
    [InlineData("\n\nwords words words\nnote")]
    public void The_same_text_is_the_same_passphrase_from_a_file_and_as_a_setting(string text)
    {
        File.WriteAllText(_file, text);

        using var ofFile = Read("--passphrase-file", _file);
        using var ofSetting = DataCommand.Read(BackupCommand.Name, ["portal.backup"], SettingsBench.Configuration([("BACKUP_PASSPHRASE", text)])).Passphrase;

        using var meant = new Passphrase("words words words");
        Assert.Equal([KeyOf(meant), KeyOf(meant)], [KeyOf(ofFile), KeyOf(ofSetting)]);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n\n")]
    public void A_file_without_words_is_no_passphrase(string text)
    {
        File.WriteAllText(_file, text);

        var refused = Assert.Throws<DataCommandException>(() => Read("--passphrase-file", _file));

        Assert.Contains(_file, refused.Message, StringComparison.Ordinal);
    }

    private static Passphrase? Read(params string[] arguments) =>
        DataCommand.Read(BackupCommand.Name, ["portal.backup", .. arguments], SettingsBench.Configuration([])).Passphrase;

    private static string KeyOf(Passphrase? passphrase) => Convert.ToHexString(passphrase!.DeriveKey(new byte[16], 1));
}
