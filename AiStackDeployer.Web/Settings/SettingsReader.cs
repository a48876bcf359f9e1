using System.Globalization;
using System.Net;
using System.Net.Mail;
using System.Text.RegularExpressions;
using AiStackDeployer.Core.Stacks;

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
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _hosts = [];

    public IReadOnlyList<string> Faults => _faults;

    /// <summary>Every key that was asked for, set or not.</summary>
    public IReadOnlySet<string> Names => _names;

    /// <summary>The hosts of all addresses that were read.</summary>
    public IReadOnlyList<string> Hosts => _hosts;

    public void Fault(string key, string sentence) => _faults.Add($"{key} {sentence}");

    public string? Text(string key) => Raw(key)?.Trim() is { Length: > 0 } text ? text : null;

    /// <summary>Set to nothing on purpose (<c>KEY=</c>), as against not set at all.</summary>
    public bool IsOff(string key) => Raw(key)?.Trim() is "" or "none";

    public bool IsWord(string key, string word) => string.Equals(Text(key), word, StringComparison.OrdinalIgnoreCase);

    public string Text(string key, string fallback) => Text(key) ?? fallback;

    /// <summary>Separated by commas; none by default.</summary>
    public string[] List(string key) => (Text(key) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <param name="fallback">Null = it has to be set.</param>
    /// <param name="what">What is missing, when it is.</param>
    public string Image(string key, string? fallback, string what)
    {
        var image = Text(key) ?? fallback;
        if (image is null)
        {
            Fault(key, $"is not set: {what}");
        }
        else if (!ImageName.IsLegal(image))
        {
            Fault(key, $"must be an image as Docker names it, without spaces and without https://: {what}");
        }
        else if (!ImageName.IsPinned(image))
        {
            Fault(key, "must end with a tag or a digest, such as :1.18: without one Docker takes \"latest\", whatever that is on the day. :latest may be written out.");
        }
        return image ?? "";
    }

    public int Int(string key, int fallback, int least, int most) => OptionalInt(key, least, most) ?? fallback;

    public int? OptionalInt(string key, int least, int most) => Read<int?>(
        key,
        null,
        text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number : null,
        $"must be a whole number from {least} to {most}.");

    public double Number(string key, double fallback, double least, double most) => OptionalNumber(key, least, most) ?? fallback;

    /// <summary><c>none</c> = null.</summary>
    public double? OptionalNumber(string key, double least, double most) => IsOff(key) ? null : Read<double?>(
        key,
        null,
        text => double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number : null,
        string.Create(CultureInfo.InvariantCulture, $"must be a number from {least} to {most}."));

    public bool Flag(string key, bool fallback) => OneOf(
        key,
        fallback,
        new Dictionary<string, bool> { ["true"] = true, ["false"] = false, ["yes"] = true, ["no"] = false, ["on"] = true, ["off"] = false, ["1"] = true, ["0"] = false });

    public TimeSpan Seconds(string key, TimeSpan fallback, int least, int most) =>
        OptionalInt(key, least, most) is { } seconds ? TimeSpan.FromSeconds(seconds) : fallback;

    public Uri? Address(string key)
    {
        var address = Read<Uri>(
            key,
            null,
            text => Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? address : null,
            "must be an address that begins with http:// or https://.");
        if (address is not null)
        {
            _hosts.Add(address.Host);
        }
        return address;
    }

    /// <summary>A mail address, as <c>mailto:</c>, or a page.</summary>
    public Uri? Contact(string key) => Read<Uri>(
        key,
        null,
        text => MailAddress.TryCreate(text, out var mail) && mail.Address == text ? new Uri($"mailto:{text}")
            : Uri.TryCreate(text, UriKind.Absolute, out var page) && page.Scheme == Uri.UriSchemeHttps ? page
            : null,
        "must be a mail address, or an address that begins with https://.");

    /// <param name="words">Several words may mean the same; a fault names the first of each.</param>
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
        Fault(key, $"must be one of: {string.Join(", ", words.DistinctBy(word => word.Value).Select(word => word.Key))}.");
        return fallback;
    }

    /// <summary>Bytes, as a number or with k, m or g (powers of 1024); <c>none</c> = null.</summary>
    public long? Bytes(string key, long? fallback) => IsOff(key) ? null : Read(key, fallback, BytesOf, "must be a size such as 512m or 2g, or none.");

    /// <summary>An absolute path inside a container; <c>none</c> = null.</summary>
    public string? ContainerPath(string key, string? fallback) => IsOff(key) ? null : Read(
        key,
        fallback,
        text => text.StartsWith('/') && !text.Contains("..", StringComparison.Ordinal) && text.All(c => c is > ' ' and < (char)127) ? text : null,
        "must be an absolute path such as /workspace, or none.");

    public string Host(string key, string fallback) => Read(
        key,
        fallback,
        text => HostNameOf(text.TrimStart('.'), 200),
        "must be a host name such as ai.example.org, without scheme, port or wildcard.")!;

    /// <summary>A DNS zone as its provider names it: a number, or a domain.</summary>
    public string? ZoneIdOrName(string key) => Read(key, null, text => HostNameOf(text, 253), "must be the zone's number or its name, such as example.org.");

    /// <summary>The path below which a proxy shows the portal, without a slash at its end; <c>/</c> = none.</summary>
    public string PathBase(string key, string fallback) => Read(
        key, fallback, text => text == "/" ? "" : UrlPath().IsMatch(text) ? text.TrimEnd('/') : null, "must be a path such as /portal.")!;

    /// <summary>
    /// Where to listen: an IP address, <c>localhost</c>, or <c>*</c> for all. No other name: Kestrel would not look it up, but listen
    /// at every address. https://learn.microsoft.com/aspnet/core/fundamentals/servers/kestrel/endpoints
    /// </summary>
    public string ListenAddress(string key, string fallback) => Read(
        key,
        fallback,
        text => text is "*" or "+" or "localhost" || Uri.CheckHostName(text) is UriHostNameType.IPv4 or UriHostNameType.IPv6 ? text : null,
        "must be an address of this machine such as 127.0.0.1, or * for all; the port goes into " + key.Replace("HOST", "PORT", StringComparison.Ordinal) + ".")!;

    /// <summary>Addresses and networks such as <c>10.0.0.5</c> or <c>172.16.0.0/12</c>.</summary>
    public IReadOnlyList<IPNetwork> Networks(string key)
    {
        var networks = List(key).Select(NetworkOf).ToList();
        if (networks.Contains(null))
        {
            Fault(key, "must be addresses or networks such as 10.0.0.5 or 172.16.0.0/12, separated by commas.");
        }
        if (networks.Any(network => network is { } wide && IsTooWide(wide)))
        {
            Fault(key, "holds a network wider than any that proxies are on: whoever calls from there would be believed. Name the proxies themselves.");
        }
        return [.. networks.OfType<IPNetwork>()];
    }

    /// <summary>As .NET keeps it: in the environment it is <c>ConnectionStrings__{name}</c>.</summary>
    public string? ConnectionString(string name)
    {
        _names.Add("ConnectionStrings");
        return configuration.GetConnectionString(name)?.Trim() is { Length: > 0 } text ? text : null;
    }

    /// <summary>All values below a key. The environment writes a level as <c>__</c>, so a name that has one itself comes as two levels.</summary>
    public IReadOnlyDictionary<string, string> Section(string key)
    {
        _names.Add(key);
        var values = new Dictionary<string, string>();
        // Marked spellings come last: what stands without a mark is one of them.
        foreach (var (path, value) in configuration.GetSection(key).AsEnumerable(makePathsRelative: true).OrderBy(pair => SpelledVariables.IsMarked(pair.Key)))
        {
            if (path.Length > 0 && value is not null)
            {
                values[SpelledVariables.NameOf(path).Replace(ConfigurationPath.KeyDelimiter, "__", StringComparison.Ordinal)] = value;
            }
        }
        return values;
    }

    private string? Raw(string key)
    {
        _names.Add(key);
        return configuration[key];
    }

    /// <param name="parse">Null = it cannot be.</param>
    private T? Read<T>(string key, T? fallback, Func<string, T?> parse, string must)
    {
        if (Text(key) is not { } text)
        {
            return fallback;
        }
        if (parse(text) is { } value)
        {
            return value;
        }
        Fault(key, must);
        return fallback;
    }

    private static long? BytesOf(string text)
    {
        if (Size().Match(text.ToLowerInvariant()) is { Success: true } match
            && long.TryParse(match.Groups["number"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            var unit = match.Groups["unit"].Value switch { "k" => 1L << 10, "m" => 1L << 20, "g" => 1L << 30, _ => 1L };
            return number > 0 && number <= MostBytes / unit ? number * unit : null;
        }
        return null;
    }

    private static string? HostNameOf(string text, int longest)
    {
        var name = text.TrimEnd('.').ToLowerInvariant();
        return HostName().IsMatch(name) && name.Length <= longest ? name : null;
    }

    private static IPNetwork? NetworkOf(string text) =>
        IPNetwork.TryParse(text, out var network) ? network
        : IPAddress.TryParse(text, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
        : null;

    /// <summary>Wider than any private network (fc00::/7 is the widest). IPv4 addresses may be written as IPv6 (::ffff:0:0/96).</summary>
    private static bool IsTooWide(IPNetwork network) =>
        network.BaseAddress.IsIPv4MappedToIPv6 ? network.PrefixLength < 96 + 7 : network.PrefixLength < 7 || network.Contains(IPAddress.Any.MapToIPv6());

    [GeneratedRegex(@"^(?<number>\d{1,15})(?<unit>[kmg]?)b?$")]
    private static partial Regex Size();

    [GeneratedRegex(@"^(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*$")]
    private static partial Regex HostName();

    /// <summary>Also what a proxy may say in <c>X-Forwarded-Prefix</c>: two slashes at the front would be another host.</summary>
    [GeneratedRegex(@"^(/[A-Za-z0-9._~-]+)+/?$")]
    internal static partial Regex UrlPath();
}
