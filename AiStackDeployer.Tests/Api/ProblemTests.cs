using System.Text;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Naming;
using AiStackDeployer.Tests.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AiStackDeployer.Tests.Api;

/// <summary>What is wrong with a call, or with the portal itself, also where a framework would like to show its page for developers.</summary>
public sealed class ProblemTests(ProblemTests.BrokenPortal portal) : IClassFixture<ProblemTests.BrokenPortal>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("GET", "api/nothing", 404, "not-found")]
    [InlineData("GET", "api/nothing.txt", 404, "not-found")]
    [InlineData("GET", "api", 404, "not-found")]
    [InlineData("POST", "api/status/dep_1", 405, "method-not-allowed")]
    [InlineData("GET", "api/deploy", 405, "method-not-allowed")]
    [InlineData("DELETE", "api/check/jan", 405, "method-not-allowed")]
    public async Task A_wrong_path_or_method_is_a_problem_whatever_is_accepted(string method, string path, int status, string code)
    {
        foreach (var accept in new[] { "*/*", "application/json", "text/html", "text/event-stream" })
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            request.Headers.Accept.ParseAdd(accept);
            using var answer = await portal.NewScript().SendAsync(request, Token);

            await answer.AssertProblemAsync(status, code);
        }
    }

    [Theory]
    [InlineData("text/html")]
    [InlineData("text/event-stream")]
    [InlineData("application/json")]
    public async Task A_fault_of_ours_shows_no_trace_in_development_either_and_is_logged(string accept)
    {
        using var answer = await AskAsync("api/check/portal-broken", accept);

        var problem = await answer.AssertProblemAsync(500, "internal-error");
        Assert.DoesNotContain("of no concern", problem.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains(portal.Log.Events, e => e.Exception?.Message == BrokenRegister.Secret
            && CapturedLog.Whole(e).Contains(problem.Text("traceId"), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("text/html")]
    [InlineData("application/json")]
    public async Task When_the_database_cannot_be_read_a_check_is_told_to_come_back(string accept)
    {
        using var answer = await AskAsync("api/check/storage-broken", accept);

        var problem = await answer.AssertProblemAsync(503, "storage-unavailable");
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.Contains(portal.Log.Events, e => CapturedLog.Whole(e).Contains(problem.Text("traceId"), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Malformed_json_shows_no_trace_in_development_either()
    {
        using var content = new StringContent("{\"name\": <b>", Encoding.UTF8, "application/json");
        using var answer = await portal.NewPerson().PostAsync("api/deploy", content, Token);

        var problem = await answer.AssertProblemAsync(400, "malformed-request");
        Assert.DoesNotContain("LineNumber", problem.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_that_is_not_there_stays_a_page()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "apinothing");
        request.Headers.Accept.ParseAdd("text/html");
        using var answer = await portal.NewScript().SendAsync(request, Token);

        Assert.NotEqual("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
    }

    private async Task<HttpResponseMessage> AskAsync(string path, string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd(accept);
        return await portal.NewScript().SendAsync(request, Token);
    }

    /// <summary>In Development, with a register that breaks for some names.</summary>
    public sealed class BrokenPortal : PortalFactory
    {
        public BrokenPortal()
        {
            EnvironmentName = "Development";
            With(services => services.Replace(ServiceDescriptor.Singleton<INameRegister, BrokenRegister>()));
        }
    }

    private sealed class BrokenRegister(Core.Persistence.NameRegister register) : INameRegister
    {
        public const string Secret = "SELECT * FROM stacks is of no concern to the caller";

        public Task<NameStanding> GetStandingAsync(StackName name, DateTimeOffset now, CancellationToken cancellationToken) => name.Value switch
        {
            "portal-broken" => throw new InvalidOperationException(Secret),
            "storage-broken" => throw new StorageUnavailableException("The portal's database is locked by another process.", new InvalidOperationException(Secret)),
            _ => register.GetStandingAsync(name, now, cancellationToken),
        };

        public Task<IReadOnlySet<StackName>> FindOccupiedAsync(IReadOnlyCollection<StackName> names, DateTimeOffset now, CancellationToken cancellationToken) =>
            register.FindOccupiedAsync(names, now, cancellationToken);

        public Task<HoldResult> TryHoldAsync(StackName name, NameHolder holder, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellationToken) =>
            register.TryHoldAsync(name, holder, now, until, cancellationToken);

        public Task ReleaseAsync(string holderId, CancellationToken cancellationToken) => register.ReleaseAsync(holderId, cancellationToken);
    }
}
