using System.Globalization;
using System.Net;
using System.Net.Mail;
using System.Text.RegularExpressions;

namespace AiStackDeployer.Web.Settings;

/// <summary>
/// Reads typed values by their keys and collects what is wrong with each, so that an operator hears of all faults at once.
/// A value that is missing or blank counts as not set. No fault quotes a value: some are secrets.
/// </summary>
internal sealed partial class SettingsReader(IConfiguration configuration)
{
    /// <summary>1 TiB. More is a slip of a digit, and far from where bytes overflow.</summary>
    private const long MostBytes = 1L << 40;

    private readonly List<string> _faults = [];

    public IReadOnlyList<string> Faults => _faults;

    public void Fault(string key, string sentence) => _faults.Add($"{key} {sentence}");

    public string? Text(string key) => string.IsNullOrWhiteSpace(configuration[key]) ? null : configuration[key]!.Trim();

    /// <summary>Set to nothing on purpose (<c>KEY=</c>), as against not set at all.</summary>
    public bool IsOff(string key) => configuration[key] is { } value && (value.Trim().Length == 0 || value.Trim() == "none");

    public bool IsWord(string key, string word) => string.Equals(Text(key), word, StringComparison.OrdinalIgnoreCase);

    public string Text(string key, string fallback) => Text(key) ?? fallback;

    /// <param name="fallback">Null = it has to be set.</param>
    /// <param name="what">What is missing, when it is.</param>
    public string Image(string key, string? fallback, string what)
    {
        var image = Text(key) ?? fallback;
        if (image is null)
        {
            Fault(key, $"is not set: {what}");
        }
        else if (image.Any(c => c is <= ' ' or > '~') || image.Contains("://", StringComparison.Ordinal))
        {
            Fault(key, $"must be an image as Docker names it, without spaces and without https://: {what}");
        }
        else if (!Pinned().IsMatch(image))
        {
            Fault(key, "must end with a tag or a digest, such as :1.18: without one Docker takes \"latest\", whatever that is on the day. :latest may be written out.");
        }
        return image ?? "";
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

    public double Number(string key, double fallback, double least, double most) => OptionalNumber(key, least, most) ?? fallback;

    /// <summary><c>none</c> = null.</summary>
    public double? OptionalNumber(string key, double least, double most)
    {
        if (Text(key) is not { } text || text == "none")
        {
            return null;
        }
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
        {
            return number;
        }
        Fault(key, string.Create(CultureInfo.InvariantCulture, $"must be a number from {least} to {most}."));
        return null;
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

    /// <summary>A mail address, as <c>mailto:</c>, or a page.</summary>
    public Uri? Contact(string key)
    {
        if (Text(key) is not { } text)
        {
            return null;
        }
        if (MailAddress.TryCreate(text, out var mail) && mail.Address == text)
        {
            return new Uri($"mailto:{text}");
        }
        if (Uri.TryCreate(text, UriKind.Absolute, out var page) && page.Scheme == Uri.UriSchemeHttps)
        {
            return page;
        }
        Fault(key, "must be a mail address, or an address that begins with https://.");
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
            && number > 0)
        {
            var unit = match.Groups["unit"].Value switch { "k" => 1L << 10, "m" => 1L << 20, "g" => 1L << 30, _ => 1L };
            if (number <= MostBytes / unit)
            {
                return number * unit;
            }
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

    /// <summary>A DNS zone as its provider names it: a number, or a domain.</summary>
    public string? ZoneIdOrName(string key)
    {
        if (Text(key)?.TrimEnd('.').ToLowerInvariant() is not { } text)
        {
            return null;
        }
        if (HostName().IsMatch(text) && text.Length <= 253)
        {
            return text;
        }
        Fault(key, "must be the zone's number or its name, such as example.org.");
        return null;
    }

    /// <summary>
    /// Where to listen: an IP address, <c>localhost</c>, or <c>*</c> for all. No other name: Kestrel would not look it up, but listen
    /// at every address. https://learn.microsoft.com/aspnet/core/fundamentals/servers/kestrel/endpoints
    /// </summary>
    public string ListenAddress(string key, string fallback)
    {
        var text = Text(key, fallback);
        if (text is "*" or "+" or "localhost" || Uri.CheckHostName(text) is UriHostNameType.IPv4 or UriHostNameType.IPv6)
        {
            return text;
        }
        Fault(key, "must be an address of this machine such as 127.0.0.1, or 0.0.0.0 for all; the port goes into " + key.Replace("HOST", "PORT", StringComparison.Ordinal) + ".");
        return fallback;
    }

    /// <summary>Addresses and networks such as <c>10.0.0.5</c> or <c>172.16.0.0/12</c>, separated by commas; none by default.</summary>
    public IReadOnlyList<IPNetwork> Networks(string key)
    {
        var networks = new List<IPNetwork>();
        foreach (var part in (Text(key) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (IPNetwork.TryParse(part, out var network))
            {
                networks.Add(network);
            }
            else if (IPAddress.TryParse(part, out var address))
            {
                networks.Add(new IPNetwork(address, address.GetAddressBytes().Length * 8));
            }
            else
            {
                Fault(key, "must be addresses or networks such as 10.0.0.5 or 172.16.0.0/12, separated by commas.");
                break;
            }
        }
        return networks;
    }

    /// <summary>All values below a key. The environment writes a level as <c>__</c>, so a name that has one itself comes as two levels.</summary>
    public IReadOnlyDictionary<string, string> Section(string key) => configuration.GetSection(key).AsEnumerable(makePathsRelative: true)
        .Where(pair => pair.Key.Length > 0 && pair.Value is not null)
        .ToDictionary(pair => pair.Key.Replace(ConfigurationPath.KeyDelimiter, "__", StringComparison.Ordinal), pair => pair.Value!);

    /// <summary>A colon before the last slash belongs to the registry's port.</summary>
    [GeneratedRegex(@"^[^@]+:\w[\w.-]{0,127}$|@[a-z0-9+._-]+:[0-9a-f]{32,}$")]
    private static partial Regex Pinned();

    [GeneratedRegex(@"^(?<number>\d{1,15})(?<unit>[kmg]?)b?$")]
    private static partial Regex Size();

    [GeneratedRegex(@"^(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*$")]
    private static partial Regex HostName();
}
