using System.Globalization;

namespace AiStackDeployer.LogIngest.Settings;

/// <summary>
/// Where a setting is looked for: the environment, a file of its name in <c>SECRETS_DIR</c>, the file that <c>NAME_FILE</c> names. An empty
/// one counts as not set. What is wrong is collected, so that an operator sees all of it at once.
/// </summary>
internal sealed class SettingsSource(Func<string, string?> environment)
{
    private const string DefaultSecretsFolder = "/run/secrets";

    private readonly List<string> _faults = [];

    public IReadOnlyList<string> Faults => _faults;

    public void Fault(string sentence) => _faults.Add(sentence);

    public string? Text(string name) => OrNull(environment(name)) ?? OfFile(name, SecretFile(name)) ?? OfFile(name + "_FILE", OrNull(environment(name + "_FILE")));

    public string Required(string name, string what)
    {
        var text = Text(name);
        if (text is null)
        {
            _faults.Add($"{name} is not set: {what}.");
        }
        return text ?? "";
    }

    public int Number(string name, int otherwise, int least, int most)
    {
        if (Text(name) is not { } text)
        {
            return otherwise;
        }
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
        {
            return number;
        }
        _faults.Add($"{name} must be a whole number from {least} to {most}.");
        return otherwise;
    }

    /// <summary>An http or https address that ends in a slash; null when it is not set, or is none.</summary>
    public Uri? Address(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }
        if (Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            && address is { UserInfo: "", Query: "", Fragment: "" })
        {
            return address;
        }
        _faults.Add($"{name} must be an http:// or https:// address, without a user, a password or a query.");
        return null;
    }

    private static string? OrNull(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private string? SecretFile(string name)
    {
        var file = Path.Combine(OrNull(environment("SECRETS_DIR")) ?? DefaultSecretsFolder, name);
        return File.Exists(file) ? file : null;
    }

    private string? OfFile(string setting, string? file)
    {
        try
        {
            return file is null ? null : OrNull(File.ReadAllText(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            _faults.Add($"{setting}: the file {file} cannot be read.");
            return null;
        }
    }
}
