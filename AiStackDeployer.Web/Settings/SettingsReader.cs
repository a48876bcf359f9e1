using System.Globalization;
using System.Text.RegularExpressions;

namespace AiStackDeployer.Web.Settings;

/// <summary>
/// Reads typed values by their keys and collects what is wrong with each, so that an operator hears of all faults at once.
/// A value that is missing or blank counts as not set. No fault quotes a value: some are secrets.
/// </summary>
internal sealed partial class SettingsReader(IConfiguration configuration)
{
    private readonly List<string> _faults = [];

    public IReadOnlyList<string> Faults => _faults;

    public void Fault(string key, string sentence) => _faults.Add($"{key} {sentence}");

    public string? Text(string key) => string.IsNullOrWhiteSpace(configuration[key]) ? null : configuration[key]!.Trim();

    /// <summary>Set to nothing on purpose (<c>KEY=</c>), as against not set at all.</summary>
    public bool IsOff(string key) => configuration[key] is { } value && (value.Trim().Length == 0 || value.Trim() == "none");

    public string Text(string key, string fallback) => Text(key) ?? fallback;

    public string Required(string key, string why)
    {
        if (Text(key) is { } text)
        {
            return text;
        }
        Fault(key, $"is not set: {why}");
        return "";
    }

    public int Int(string key, int fallback, int least, int most) => OptionalInt(key, least, most) ?? fallback;

    public int? OptionalInt(string key, int least, int most)
    {
        if (Text(key) is not { } text)
        {
            return null;
        }
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
        {
            return number;
        }
        Fault(key, $"must be a whole number from {least} to {most}.");
        return null;
    }

    public double Number(string key, double fallback, double least, double most)
    {
        if (Text(key) is not { } text)
        {
            return fallback;
        }
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
        {
            return number;
        }
        Fault(key, string.Create(CultureInfo.InvariantCulture, $"must be a number from {least} to {most}."));
        return fallback;
    }

    public bool Flag(string key, bool fallback)
    {
        switch (Text(key)?.ToLowerInvariant())
        {
            case null:
                return fallback;
            case "true" or "1" or "yes":
                return true;
            case "false" or "0" or "no":
                return false;
            default:
                Fault(key, "must be true or false.");
                return fallback;
        }
    }

    public TimeSpan Seconds(string key, TimeSpan fallback, int least, int most) =>
        OptionalInt(key, least, most) is { } seconds ? TimeSpan.FromSeconds(seconds) : fallback;

    public Uri? Address(string key)
    {
        if (Text(key) is not { } text)
        {
            return null;
        }
        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
        {
            return address;
        }
        Fault(key, "must be an address that begins with http:// or https://.");
        return null;
    }

    public T OneOf<T>(string key, T fallback, IReadOnlyDictionary<string, T> words)
    {
        if (Text(key) is not { } text)
        {
            return fallback;
        }
        if (words.TryGetValue(text.ToLowerInvariant(), out var value))
        {
            return value;
        }
        Fault(key, $"must be one of: {string.Join(", ", words.Keys)}.");
        return fallback;
    }

    /// <summary>Bytes, as a number or with k, m or g (powers of 1024); <c>none</c> = null.</summary>
    public long? Bytes(string key, long? fallback)
    {
        if (IsOff(key))
        {
            return null;
        }
        if (Text(key) is not { } text)
        {
            return fallback;
        }
        if (Size().Match(text.ToLowerInvariant()) is { Success: true } match
            && long.TryParse(match.Groups["number"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number is > 0 and < 1L << 33)
        {
            var unit = match.Groups["unit"].Value switch { "k" => 1L << 10, "m" => 1L << 20, "g" => 1L << 30, _ => 1L };
            return number * unit;
        }
        Fault(key, "must be a size such as 512m or 2g, or none.");
        return fallback;
    }

    /// <summary>An absolute path inside a container; <c>none</c> = null.</summary>
    public string? ContainerPath(string key, string? fallback)
    {
        if (IsOff(key))
        {
            return null;
        }
        if (Text(key) is not { } text)
        {
            return fallback;
        }
        if (text.StartsWith('/') && !text.Contains("..", StringComparison.Ordinal) && text.All(c => c is > ' ' and < (char)127))
        {
            return text;
        }
        Fault(key, "must be an absolute path such as /workspace, or none.");
        return fallback;
    }

    public string Host(string key, string fallback)
    {
        var text = Text(key, fallback).TrimStart('.').TrimEnd('.').ToLowerInvariant();
        if (HostName().IsMatch(text) && text.Length <= 200)
        {
            return text;
        }
        Fault(key, "must be a host name such as ai.example.org, without scheme, port or wildcard.");
        return fallback;
    }

    public IReadOnlyDictionary<string, string> Section(string key) =>
        configuration.GetSection(key).GetChildren().Where(c => c.Value is not null).ToDictionary(c => c.Key, c => c.Value!);

    [GeneratedRegex(@"^(?<number>\d{1,15})(?<unit>[kmg]?)b?$")]
    private static partial Regex Size();

    [GeneratedRegex(@"^(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*$")]
    private static partial Regex HostName();
}
