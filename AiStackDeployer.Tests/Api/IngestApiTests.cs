using System.Net;
using System.Net.Http.Headers;
using AiStackDeployer.Contract;
using AiStackDeployer.Tests.TestKit;

namespace AiStackDeployer.Tests.Api;

/// <summary>What the log ingest asks the portal.</summary>
public sealed class IngestApiTests(IngestApiTests.World portal) : IClassFixture<IngestApiTests.World>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_ingest_learns_the_hashes_of_all_stacks_tokens_and_only_what_is_new()
    {
        var person = portal.NewPerson();
        var started = await person.StartAsync("log-lab");
        var password = started["credentials"]!.Text("password");

        using var first = await AskAsync(World.Key);
        using var again = await AskAsync(World.Key, first.Headers.ETag);
        await person.StartAsync("more-lab");
        using var later = await AskAsync(World.Key, first.Headers.ETag);

        var text = await first.Content.ReadAsStringAsync(Token);
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal($$"""{"stacks":[{"name":"log-lab","token_hash":"{{StackKeys.HashOf(StackKeys.IngestToken(password))}}"}]}""", text);
        Assert.DoesNotContain(password, text, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.NotModified, ""), (again.StatusCode, await again.Content.ReadAsStringAsync(Token)));
        Assert.Equal(["log-lab", "more-lab"], (await later.ReadJsonAsync())["stacks"]!.AsArray().Select(s => s!.Text("name")));
    }

    [Theory]
    [InlineData("another-key-of-thirty-two-characters")]
    [InlineData("")]
    public async Task Another_key_is_refused(string key)
    {
        using var answer = await AskAsync(key);

        Assert.Equal((HttpStatusCode.Unauthorized, "Bearer"), (answer.StatusCode, answer.Headers.WwwAuthenticate.ToString()));
    }

    private async Task<HttpResponseMessage> AskAsync(string key, EntityTagHeaderValue? known = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/ingest/stacks");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + key);
        // As inside a network of containers.
        request.Headers.Host = "portal:3000";
        if (known is not null)
        {
            request.Headers.IfNoneMatch.Add(known);
        }
        return await portal.NewScript().SendAsync(request, Token);
    }

    /// <summary>A portal that shares a key with an ingest.</summary>
    public sealed class World : PortalFactory
    {
        internal const string Key = "key-of-the-ingest-0123456789abcdef";

        public World() => With("LOG_INGEST_KEY", Key);
    }
}
