using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AiStackDeployer.Tests.TestKit;

namespace AiStackDeployer.Tests.Kills;

/// <summary>
/// Somebody who asks for an operation, repeats each call until it is answered, and follows the events to the end over all deaths of the portal.
/// What he is shown must never go back, leave something out or say it twice.
/// </summary>
/// <param name="scenario">What is to become of a new stack (<c>deploy</c>, <c>keep</c>, <c>cancel</c>, <c>fail</c>), else the operation on one that exists.</param>
/// <param name="owner">The cookies of who made the stack; null = somebody new.</param>
internal sealed class KilledOperation(KillTarget target, string scenario, string name, string key, Random random, BrowserCookies? owner = null) : IDisposable
{
    private static readonly string[] New = ["deploy", "keep", "cancel", "fail"];

    // Cancelling goes on beside the following.
    private readonly Random _randomOfCancel = new(random.Next());
    private readonly BrowserCookies _cookies = owner ?? new();
    private readonly List<SeenEvent> _seen = [];
    private bool _isCancelAccepted;
    private int _cancelTries;

    public string Scenario => scenario;

    public BrowserCookies Owner => _cookies;

    public string Name => name;

    public string Id { get; private set; } = "";

    public string? Password { get; private set; }

    public string Status { get; private set; } = "";

    /// <summary>The event at which it is cancelled; null = never.</summary>
    public int? CancelAt { get; init; }

    public bool IsEnded => Status.Length > 0;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        // A page gives the cookie by which a repeated call is the same person's: an answer that holds one may be lost.
        using (await AskAsync(() => new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { { "Accept", "text/html" } } }, random, cancellationToken))
        {
        }
        var begun = await BeginAsync(cancellationToken);
        (Id, Password) = (begun.Text("deploymentId"), begun["credentials"]?.Text("password"));
        await FollowAsync(cancellationToken);

        // A late repetition is the same operation, with the same password while there is something that it opens.
        var again = await BeginAsync(cancellationToken);
        Assert.Equal(Id, again.Text("deploymentId"));
        if (scenario == "delete")
        {
            Assert.Equal(2, _seen[^1].Json["keptVolumes"]!.AsArray().Count);
        }
        if (scenario is "deploy" or "keep")
        {
            Assert.Equal(Password, again["credentials"]?.Text("password"));
        }
        if (!New.Contains(scenario) && scenario != "delete")
        {
            using var answer = await AskAsync(() => new HttpRequestMessage(HttpMethod.Get, $"api/stacks/{name}/credentials"), random, cancellationToken);
            Password = JsonNode.Parse(await answer.Content.ReadAsStringAsync(cancellationToken))!.Text("password");
        }
        await AssertLogIsWhatWasSeenAsync(cancellationToken);
        Status = _seen[^1].Json.Text("status");
        // Whether a cancel was accepted whose answer was lost, nobody can tell from the next answer once all has ended.
        var expected = scenario switch { "fail" => "failed", "cancel" when _isCancelAccepted || (_cancelTries > 1 && Status == "cancelled") => "cancelled", _ => "completed" };
        Assert.True(Status == expected, $"{scenario} {name} ended {Status}: {_seen[^1].Data}");
    }

    public void Dispose()
    {
        // Whose stack goes on to live needs them again.
        if (owner is null && scenario != "keep")
        {
            _cookies.Dispose();
        }
    }

    public override string ToString() => $"{scenario} {name} {Id} {(IsEnded ? Status : "not ended")}, last event: {(_seen.Count == 0 ? "none" : _seen[^1].Data)}";

    private async Task<JsonNode> BeginAsync(CancellationToken cancellationToken)
    {
        using var answer = await AskAsync(
            () =>
            {
                var request = scenario switch
                {
                    "delete" => new HttpRequestMessage(HttpMethod.Delete, $"api/stacks/{name}?confirm={name}"),
                    "change-environment" => new HttpRequestMessage(HttpMethod.Patch, $"api/stacks/{name}/environment") { Content = JsonContent.Create(new { set = new { KEY = key } }) },
                    _ when New.Contains(scenario) => new HttpRequestMessage(HttpMethod.Post, "api/deploy") { Content = JsonContent.Create(new { name }) },
                    _ => new HttpRequestMessage(HttpMethod.Post, $"api/stacks/{name}/operations/{scenario}"),
                };
                request.Headers.Add("Idempotency-Key", key);
                return request;
            },
            random,
            cancellationToken);
        Assert.True(answer.StatusCode == HttpStatusCode.Accepted, $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(cancellationToken)}");
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync(cancellationToken))!;
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        var cancelling = Task.CompletedTask;
        while (_seen.Count == 0 || !_seen[^1].IsTerminal)
        {
            try
            {
                using var person = new HttpClient(_cookies, disposeHandler: false) { BaseAddress = (await target.AnyAsync(random, cancellationToken)).Root, Timeout = Timeout.InfiniteTimeSpan };
                await using var reader = await EventReader.OpenAsync(person, Id, _seen.Count);
                var progress = -1;
                while (await reader.NextOrEndAsync().WaitAsync(cancellationToken) is { } seen)
                {
                    progress = AssertGoesOn(seen, progress);
                    if (cancelling.IsCompleted && !_isCancelAccepted && CancelAt <= _seen.Count)
                    {
                        cancelling = CancelAsync(cancellationToken);
                    }
                }
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                // It died: come back with the last id, as a browser does.
            }
        }
        await cancelling;
    }

    private int AssertGoesOn(SeenEvent seen, int progress)
    {
        if (seen.Id is { } id)
        {
            Assert.True(id == _seen.Count + 1, $"Event {id} came after {_seen.Count}: {seen.Data}");
            _seen.Add(seen);
        }
        if (seen.Type is "log" or "heartbeat" || seen.Json["progress"]?.GetValue<int>() is not { } now)
        {
            return progress;
        }
        Assert.True(now >= progress, $"The progress went back from {progress} to {now}: {seen.Data}");
        return now;
    }

    private async Task CancelAsync(CancellationToken cancellationToken)
    {
        using var answer = await AskAsync(
            () =>
            {
                _cancelTries++;
                return new HttpRequestMessage(HttpMethod.Post, $"api/deployments/{Id}/cancel");
            },
            _randomOfCancel, cancellationToken);
        _isCancelAccepted = answer.StatusCode is HttpStatusCode.Accepted or HttpStatusCode.OK;
        Assert.True(_isCancelAccepted || answer.StatusCode == HttpStatusCode.Conflict, $"{(int)answer.StatusCode}");
    }

    private async Task AssertLogIsWhatWasSeenAsync(CancellationToken cancellationToken)
    {
        var stored = new List<(long Id, string Type)>();
        for (var next = $"api/deployments/{Id}/events?after=0&take=100"; next is not null;)
        {
            var address = next;
            using var answer = await AskAsync(() => new HttpRequestMessage(HttpMethod.Get, address), random, cancellationToken);
            var page = JsonNode.Parse(await answer.Content.ReadAsStringAsync(cancellationToken))!;
            stored.AddRange(page["items"]!.AsArray().Select(e => (e!["id"]!.GetValue<long>(), e.Text("type"))));
            next = page["next"]?.GetValue<string>().TrimStart('/');
        }
        Assert.Equal(_seen.Select(e => (e.Id!.Value, e.Type)), stored);
        var progress = _seen.Where(e => e.Type != "log").Select(e => e.Json["progress"]!.GetValue<int>()).ToList();
        Assert.Equal(progress.Order(), progress);
    }

    /// <summary>Until somebody answers, and not with "later".</summary>
    private async Task<HttpResponseMessage> AskAsync(Func<HttpRequestMessage> request, Random choice, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                using var person = new HttpClient(_cookies, disposeHandler: false) { BaseAddress = (await target.AnyAsync(choice, cancellationToken)).Root };
                using var asked = request();
                var answer = await person.SendAsync(asked, cancellationToken);
                if (answer.StatusCode != HttpStatusCode.ServiceUnavailable)
                {
                    return answer;
                }
                answer.Dispose();
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                // It died.
            }
        }
    }
}
