using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;

namespace AiStackDeployer.Core.Hetzner;

/// <summary>
/// Hetzner's DNS over the Cloud API: the sections "Zones", "Zone RRSets", "Zone RRSet Actions" and "Actions" of its reference
/// (docs.hetzner.cloud/reference/cloud; general availability 2025-11-10), checked against Hetzner's own clients, hcloud-go and
/// hcloud-python. Every method throws <see cref="HetznerException"/> and nothing else, apart from cancellation and arguments
/// that make no sense. GETs are repeated on outages; whatever changes something is sent once, except after a rate limit:
/// Hetzner refuses such a request before it does anything.
/// A zone is named by its id or its name, a record set by its name relative to the zone (<c>@</c> for the zone itself).
/// </summary>
public sealed class HetznerDnsClient
{
    // The reference: "maximum 50", and "100 instead of 50" at the list of record sets.
    private const int ZonesPerPage = 50;
    private const int RRSetsPerPage = 100;
    private const int MostPages = 200;

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
    /// Whether the last change was refused because the token may only read. Nothing that only reads tells that, so it is not known
    /// before a change was tried.
    /// </summary>
    public bool TokenIsReadOnly => _transport.TokenIsReadOnly;

    /// <summary>All zones of the token's project.</summary>
    public Task<IReadOnlyList<HetznerZone>> ListZonesAsync(CancellationToken cancellationToken) => ListZonesAsync(isSentOnce: false, cancellationToken);

    /// <summary>Null when the project has no such zone.</summary>
    public Task<HetznerZone?> FindZoneAsync(string idOrName, CancellationToken cancellationToken) =>
        FindZoneAsync(idOrName, isSentOnce: false, cancellationToken);

    /// <summary>
    /// The zone that answers for a domain: the configured one, or else the one whose name is the longest suffix of the domain.
    /// The configured one is returned even when the domain does not lie in it; null when there is none.
    /// </summary>
    public Task<HetznerZone?> FindZoneOfAsync(string domain, CancellationToken cancellationToken) =>
        FindZoneOfAsync(domain, isSentOnce: false, cancellationToken);

    /// <summary>The same without any repeat, for who asks again soon anyhow and has to say meanwhile what the first try met.</summary>
    public Task<HetznerZone?> TryFindZoneOfAsync(string domain, CancellationToken cancellationToken) =>
        FindZoneOfAsync(domain, isSentOnce: true, cancellationToken);

    /// <summary>Record sets of a zone, all of them or those of exactly this name and of these types.</summary>
    public async Task<IReadOnlyList<HetznerRRSet>> ListRRSetsAsync(
        string zone, string? name, IReadOnlyCollection<string> types, CancellationToken cancellationToken)
    {
        var filter = string.Concat(types.Select(type => $"&type={Uri.EscapeDataString(type)}"));
        if (name is not null)
        {
            filter += $"&name={Uri.EscapeDataString(name)}";
        }
        var sets = new OrderedDictionary<(string Name, string Type), HetznerRRSet>();
        await EachPageAsync(async page =>
        {
            var answer = await _transport.GetAsync(
                "rrsets.list", Inv($"zones/{Segment(zone)}/rrsets?page={page}&per_page={RRSetsPerPage}{filter}"), Json.RRSetPageWire, cancellationToken);
            foreach (var set in answer.RRSets)
            {
                sets.TryAdd((set.Name, set.Type), set);
            }
            return answer.Meta;
        });
        return [.. sets.Values];
    }

    /// <summary>Null when there is none of this name and type, or no such zone: Hetzner answers both alike.</summary>
    public async Task<HetznerRRSet?> FindRRSetByNameAsync(string zone, string name, string type, CancellationToken cancellationToken) =>
        (await OrNullAsync(_transport.GetAsync("rrsets.get", PathOf(zone, name, type), Json.RRSetWire, cancellationToken)))?.RRSet;

    public async Task<bool> RecordExistsAsync(string zone, string name, string type, CancellationToken cancellationToken) =>
        await FindRRSetByNameAsync(zone, name, type, cancellationToken) is not null;

    /// <summary>
    /// Makes a record set of one IPv4 address and waits until Hetzner has done it. Of a name that has one already, or has a
    /// CNAME, Hetzner makes none.
    /// </summary>
    /// <param name="ttl">Seconds, 60 or more.</param>
    public async Task<HetznerRRSet> CreateARecordAsync(string zone, string name, IPAddress address, int ttl, CancellationToken cancellationToken)
    {
        if (address.AddressFamily != AddressFamily.InterNetwork)
        {
            throw new ArgumentException("An A record holds an IPv4 address.", nameof(address));
        }
        ArgumentOutOfRangeException.ThrowIfLessThan(ttl, 60);
        var answer = await _transport.PostAsync(
            "rrsets.create", $"zones/{Segment(zone)}/rrsets",
            new CreateRRSetBody(name, HetznerRecordType.A, ttl, [new HetznerRecord(address.ToString())]),
            Json.CreateRRSetBody, Json.CreatedRRSetWire, cancellationToken);
        await WaitAsync("rrsets.create", answer.Action, cancellationToken);
        return answer.RRSet;
    }

    /// <summary>
    /// Puts these records in the place of those an existing record set has, and waits until Hetzner has done it. Its TTL stays
    /// what it is.
    /// </summary>
    public async Task SetRecordsAsync(
        string zone, string name, string type, IReadOnlyList<HetznerRecord> records, CancellationToken cancellationToken)
    {
        if (records.Count == 0 || records.DistinctBy(record => record.Value).Count() != records.Count)
        {
            throw new ArgumentException("Hetzner wants at least one record, and each value once.", nameof(records));
        }
        var answer = await _transport.PostAsync(
            "rrsets.set_records", PathOf(zone, name, type) + "/actions/set_records", new SetRecordsBody(records),
            Json.SetRecordsBody, Json.ActionEnvelopeWire, cancellationToken);
        await WaitAsync("rrsets.set_records", answer.Action, cancellationToken);
    }

    /// <summary>Removes a record set and waits until Hetzner has done it; false when it (or its zone) was gone already.</summary>
    public async Task<bool> DeleteRRSetAsync(string zone, string name, string type, CancellationToken cancellationToken)
    {
        var answer = await OrNullAsync(_transport.DeleteAsync(
            "rrsets.delete", PathOf(zone, name, type), Json.ActionEnvelopeWire, cancellationToken));
        if (answer is null)
        {
            return false;
        }
        await WaitAsync("rrsets.delete", answer.Action, cancellationToken);
        return true;
    }

    /// <summary>Whether a domain is a zone's own name or lies below it.</summary>
    internal static bool Holds(string zone, string domain) =>
        domain.Equals(zone, StringComparison.OrdinalIgnoreCase) || domain.EndsWith("." + zone, StringComparison.OrdinalIgnoreCase);

    private async Task<IReadOnlyList<HetznerZone>> ListZonesAsync(bool isSentOnce, CancellationToken cancellationToken)
    {
        // Keyed by id: a zone made while paging shifts the pages, and the last one of a page comes again on the next.
        var zones = new OrderedDictionary<long, HetznerZone>();
        await EachPageAsync(async page =>
        {
            var answer = await GetAsync("zones.list", Inv($"zones?page={page}&per_page={ZonesPerPage}"), Json.ZonePageWire, isSentOnce, cancellationToken);
            foreach (var zone in answer.Zones)
            {
                zones.TryAdd(zone.Id, zone);
            }
            return answer.Meta;
        });
        return [.. zones.Values];
    }

    private async Task<HetznerZone?> FindZoneAsync(string idOrName, bool isSentOnce, CancellationToken cancellationToken) =>
        (await OrNullAsync(GetAsync("zones.get", $"zones/{Segment(idOrName)}", Json.ZoneWire, isSentOnce, cancellationToken)))?.Zone;

    private async Task<HetznerZone?> FindZoneOfAsync(string domain, bool isSentOnce, CancellationToken cancellationToken) =>
        _options.ZoneIdOrName is { } configured
            ? await FindZoneAsync(configured, isSentOnce, cancellationToken)
            : (await ListZonesAsync(isSentOnce, cancellationToken))
                .Where(zone => Holds(zone.Name, domain))
                .MaxBy(zone => zone.Name.Length);

    private Task<T> GetAsync<T>(string call, string path, JsonTypeInfo<T> type, bool isSentOnce, CancellationToken cancellationToken) => isSentOnce
        ? _transport.GetOnceAsync(call, path, type, cancellationToken)
        : _transport.GetAsync(call, path, type, cancellationToken);

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
                    throw new HetznerException(HetznerFault.ActionFailed, call) { Diagnostic = HetznerErrors.Safe(action.Error?.Code) };
            }
            if (_time.GetElapsedTime(started) >= _options.ActionTimeout)
            {
                throw new HetznerException(HetznerFault.TimedOut, call) { MayHaveHappened = true, Diagnostic = "action still running" };
            }
            await Task.Delay(_options.ActionPollInterval, _time, cancellationToken);
            try
            {
                action = (await _transport.GetAsync("actions.get", Inv($"actions/{action.Id}"), Json.ActionEnvelopeWire, cancellationToken)).Action;
            }
            catch (HetznerException e)
            {
                // The change was accepted and goes on; only its end is not known.
                throw new HetznerException(e.Kind, call, e)
                {
                    HttpStatus = e.HttpStatus, MayHaveHappened = true, Diagnostic = e.Diagnostic,
                };
            }
        }
    }

    private static async Task EachPageAsync(Func<int, Task<MetaWire?>> read)
    {
        var page = 1;
        for (var pages = 0; pages < MostPages; pages++)
        {
            if ((await read(page))?.Pagination?.NextPage is not { } next || next <= page)
            {
                return;
            }
            page = next;
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

    private static string PathOf(string zone, string name, string type) => $"zones/{Segment(zone)}/rrsets/{Segment(name)}/{Segment(type)}";

    // A wildcard's star and the zone's own @ stand in a path as they are, which is how Hetzner's own clients send them.
    private static string Segment(string text) =>
        Uri.EscapeDataString(text).Replace("%2A", "*", StringComparison.Ordinal).Replace("%40", "@", StringComparison.Ordinal);

    private static string Inv(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
