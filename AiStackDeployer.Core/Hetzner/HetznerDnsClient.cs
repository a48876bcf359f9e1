using System.Globalization;
using System.Net;
using System.Net.Sockets;
using AiStackDeployer.Core.Http;
using Microsoft.Extensions.Logging;

namespace AiStackDeployer.Core.Hetzner;

/// <summary>
/// Hetzner's DNS over the Cloud API: the sections "Zones", "Zone RRSets", "Zone RRSet Actions" and "Actions" of its reference
/// (docs.hetzner.cloud/reference/cloud; general availability 2025-11-10), checked against Hetzner's own clients, hcloud-go and
/// hcloud-python. Every method throws <see cref="HetznerException"/> and nothing else, apart from cancellation and arguments
/// that make no sense. GETs are retried on outages; a call that changes something is sent once, except after a rate limit, where
/// Hetzner refuses the request before it does anything.
/// A zone is named by its id or its name, a record set by its name relative to the zone (<c>@</c> for the zone itself).
/// </summary>
internal sealed class HetznerDnsClient
{
    // The reference: "maximum 50".
    private const int ZonesPerPage = 50;
    private const int MaxPages = 200;

    private static readonly HetznerJsonContext Json = HetznerJsonContext.Default;

    private readonly HetznerTransport _transport;
    private readonly HetznerOptions _options;
    private readonly TimeProvider _time;

    public HetznerDnsClient(HttpClient http, HetznerOptions options, TimeProvider time, ILogger<HetznerDnsClient> logger)
    {
        _transport = new HetznerTransport(http, options, time, logger);
        _options = options;
        _time = time;
    }

    /// <summary>
    /// Whether the last change was refused because the token may only read. Reading calls do not show it, so it is not known before a
    /// change was tried.
    /// </summary>
    public bool TokenIsReadOnly => _transport.TokenIsReadOnly;

    /// <summary>
    /// The zone that answers for a domain: the configured one, or else the one whose name is the longest suffix of the domain.
    /// The configured one is returned even when the domain does not lie in it; null when there is none.
    /// </summary>
    /// <param name="retry">False = one attempt, for a caller that asks again soon and must report what this one met.</param>
    public async Task<HetznerZone?> FindZoneOfAsync(string domain, bool retry, CancellationToken cancellationToken) =>
        _options.ZoneIdOrName is { } configured
            ? (await OrNullAsync(_transport.GetAsync("zones.get", $"zones/{Segment(configured)}", Json.ZoneWire, retry, cancellationToken)))?.Zone
            : (await ListZonesAsync(retry, cancellationToken)).Where(zone => Holds(zone.Name, domain)).MaxBy(zone => zone.Name.Length);

    /// <summary>The record sets of exactly this name and of these types.</summary>
    public async Task<IReadOnlyList<HetznerRRSet>> ListRRSetsAsync(
        string zone, string name, IReadOnlyCollection<string> types, CancellationToken cancellationToken)
    {
        // One name has at most one record set of each type, so they fit on one page.
        var filter = string.Concat(types.Select(type => $"&type={Uri.EscapeDataString(type)}"));
        return (await _transport.GetAsync(
            "rrsets.list", $"zones/{Segment(zone)}/rrsets?name={Uri.EscapeDataString(name)}{filter}", Json.RRSetPageWire, retry: true, cancellationToken)).RRSets;
    }

    /// <summary>Null when there is none of this name and type, or no such zone: Hetzner answers both alike.</summary>
    public async Task<HetznerRRSet?> FindRRSetByNameAsync(string zone, string name, string type, CancellationToken cancellationToken) =>
        (await OrNullAsync(_transport.GetAsync("rrsets.get", PathOf(zone, name, type), Json.RRSetWire, retry: true, cancellationToken)))?.RRSet;

    public async Task<bool> RecordExistsAsync(string zone, string name, string type, CancellationToken cancellationToken) =>
        await FindRRSetByNameAsync(zone, name, type, cancellationToken) is not null;

    /// <summary>
    /// Creates a record set of one IPv4 address and waits until Hetzner has done it. Fails with a conflict when the name has one
    /// already, or has a CNAME.
    /// </summary>
    /// <param name="ttl">Seconds, 60 or more.</param>
    public async Task<HetznerRRSet> CreateARecordAsync(string zone, string name, IPAddress address, int ttl, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(ttl, 60);
        var answer = await _transport.PostAsync(
            "rrsets.create", $"zones/{Segment(zone)}/rrsets",
            new CreateRRSetBody(name, HetznerRecordType.A, ttl, [RecordOf(address)]),
            Json.CreateRRSetBody, Json.CreatedRRSetWire, cancellationToken);
        await WaitAsync("rrsets.create", answer.Action, cancellationToken);
        return answer.RRSet;
    }

    /// <summary>
    /// Replaces the records of an existing A record set by one address, and waits until Hetzner has done it. Its TTL stays.
    /// </summary>
    public async Task SetARecordAsync(string zone, string name, IPAddress address, CancellationToken cancellationToken)
    {
        var answer = await _transport.PostAsync(
            "rrsets.set_records", PathOf(zone, name, HetznerRecordType.A) + "/actions/set_records", new SetRecordsBody([RecordOf(address)]),
            Json.SetRecordsBody, Json.ActionEnvelopeWire, cancellationToken);
        await WaitAsync("rrsets.set_records", answer.Action, cancellationToken);
    }

    /// <summary>Whether a domain is a zone's own name or lies below it.</summary>
    internal static bool Holds(string zone, string domain) =>
        domain.Equals(zone, StringComparison.OrdinalIgnoreCase) || domain.EndsWith("." + zone, StringComparison.OrdinalIgnoreCase);

    private async Task<List<HetznerZone>> ListZonesAsync(bool retry, CancellationToken cancellationToken)
    {
        var zones = new List<HetznerZone>();
        var page = 1;
        for (var pages = 0; pages < MaxPages; pages++)
        {
            var answer = await _transport.GetAsync("zones.list", Inv($"zones?page={page}&per_page={ZonesPerPage}"), Json.ZonePageWire, retry, cancellationToken);
            zones.AddRange(answer.Zones);
            if (answer.Meta?.Pagination?.NextPage is not { } next || next <= page)
            {
                break;
            }
            page = next;
        }
        return zones;
    }

    private async Task WaitAsync(string call, ActionWire action, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        while (true)
        {
            switch (action.Status)
            {
                case "success":
                    return;
                case "error":
                    throw new HetznerException(HetznerFault.ActionFailed, call) { Diagnostic = ErrorJson.Identifier(action.Error?.Code) };
            }
            if (_time.GetElapsedTime(started) >= _options.ActionTimeout)
            {
                throw new HetznerException(HetznerFault.TimedOut, call) { MayHaveHappened = true, Diagnostic = "action still running" };
            }
            await Task.Delay(_options.ActionPollInterval, _time, cancellationToken);
            try
            {
                action = (await _transport.GetAsync("actions.get", Inv($"actions/{action.Id}"), Json.ActionEnvelopeWire, retry: true, cancellationToken)).Action;
            }
            catch (HetznerException e)
            {
                // The change was accepted and continues; only its outcome is unknown.
                throw new HetznerException(e.Kind, call, e)
                {
                    HttpStatus = e.HttpStatus, MayHaveHappened = true, Diagnostic = e.Diagnostic,
                };
            }
        }
    }

    private static async Task<T?> OrNullAsync<T>(Task<T> call)
        where T : class
    {
        try
        {
            return await call;
        }
        catch (HetznerException e) when (e.Kind == HetznerFault.NotFound)
        {
            return null;
        }
    }

    private static HetznerRecord RecordOf(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork
        ? new HetznerRecord(address.ToString())
        : throw new ArgumentException("An A record holds an IPv4 address.", nameof(address));

    private static string PathOf(string zone, string name, string type) => $"zones/{Segment(zone)}/rrsets/{Segment(name)}/{Segment(type)}";

    // A wildcard's star and the zone's own @ stand in a path as they are, which is how Hetzner's own clients send them.
    private static string Segment(string text) =>
        Uri.EscapeDataString(text).Replace("%2A", "*", StringComparison.Ordinal).Replace("%40", "@", StringComparison.Ordinal);

    private static string Inv(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
