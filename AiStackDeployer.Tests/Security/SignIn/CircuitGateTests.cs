using System.Security.Claims;
using AiStackDeployer.Core.People;
using AiStackDeployer.Tests.TestKit;
using AiStackDeployer.Web.Security;
using AiStackDeployer.Web.Security.SignIn;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace AiStackDeployer.Tests.Security.SignIn;

/// <summary>What stands before every call of a page's live connection.</summary>
public sealed class CircuitGateTests : IDisposable
{
    private const string Secret = "circuit-secret";

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(56));
    private readonly MemoryPeople _people = new();
    private readonly LiveSessions _live;
    private readonly CircuitGate _gate;

    public CircuitGateTests()
    {
        _live = new LiveSessions(_people, _time, NullLogger<LiveSessions>.Instance);
        _gate = new CircuitGate(_live, _time);
    }

    /// <summary>The framework's own list: a call that it gets new is stopped as well, for the gate asks no name.</summary>
    private static readonly IReadOnlyList<System.Reflection.MethodInfo> Methods =
    [
        .. typeof(Microsoft.AspNetCore.Components.Server.Circuits.Circuit).Assembly.GetType("Microsoft.AspNetCore.Components.Server.ComponentHub", throwOnError: true)!
            .GetMethods(System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.DeclaredOnly)
            .Where(method => !method.IsSpecialName && method.GetBaseDefinition() == method),
    ];

    public static TheoryData<string> Calls => [.. Methods.Select(method => method.Name)];

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task After_the_end_of_its_session_no_call_gets_through(string call)
    {
        var anna = SignIn("Anna");
        Assert.True((await CallAsync(anna, call, Secret)).Came || call == "ConnectCircuit");

        _people.Sessions[anna.CredentialId()!].EndedAt = _time.GetUtcNow();
        _live.End(anna.CredentialId()!);

        Assert.False((await CallAsync(anna, call, Secret)).Came);
    }

    [Fact]
    public async Task One_that_was_ended_at_another_portal_ends_here_within_seconds()
    {
        var anna = SignIn("Anna");
        await CallAsync(anna, "BeginInvokeDotNetFromJS");
        _people.Sessions[anna.CredentialId()!].EndedAt = _time.GetUtcNow();
        _time.Advance(LiveSessions.Fresh + TimeSpan.FromSeconds(1));

        Assert.False((await CallAsync(anna, "BeginInvokeDotNetFromJS")).Came);
    }

    [Fact]
    public async Task A_circuit_goes_on_only_with_the_session_that_began_it()
    {
        var (anna, again, bram) = (SignIn("Anna"), SignIn("Anna"), SignIn("Bram"));
        await CallAsync(anna, "StartCircuit", answer: Secret);

        Assert.True((await CallAsync(anna, "ConnectCircuit", Secret)).Came);
        foreach (var stranger in new[] { again, bram, new ClaimsPrincipal() })
        {
            var (came, answer) = await CallAsync(stranger, "ConnectCircuit", Secret);
            Assert.False(came);
            Assert.Equal(false, answer);
        }
        Assert.False((await CallAsync(anna, "ConnectCircuit", "another secret")).Came);
    }

    [Fact]
    public async Task A_press_is_a_use_of_the_session_and_what_the_browser_answers_by_itself_is_not()
    {
        var anna = SignIn("Anna");
        var session = _people.Sessions[anna.CredentialId()!];
        _time.Advance(Session.Idle - TimeSpan.FromMinutes(10));
        await CallAsync(anna, "OnRenderCompleted");
        Assert.NotEqual(_time.GetUtcNow(), session.SeenAt);

        await CallAsync(anna, "BeginInvokeDotNetFromJS");

        Assert.Equal(_time.GetUtcNow(), session.SeenAt);
    }

    [Fact]
    public async Task Whoever_holds_something_open_is_told_of_the_end_once()
    {
        var (anna, bram) = (SignIn("Anna"), SignIn("Bram"));
        var told = 0;
        using var watch = _live.OnEnd(anna.CredentialId()!, () => told++);
        using var others = _live.OnEnd(bram.CredentialId()!, () => told += 100);
        using (_live.OnEnd(anna.CredentialId()!, () => told += 1000))
        {
        }
        await _live.LookAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, told);

        // By time alone: nobody pressed anything for too long.
        _time.Advance(Session.Idle - TimeSpan.FromMinutes(1));
        await _people.SeenAsync(bram.CredentialId()!, _time.GetUtcNow(), TestContext.Current.CancellationToken);
        _time.Advance(TimeSpan.FromMinutes(2));
        await _live.LookAsync(TestContext.Current.CancellationToken);
        await _live.LookAsync(TestContext.Current.CancellationToken);

        Assert.Equal(1, told);
    }

    public void Dispose() => _live.Dispose();

    private ClaimsPrincipal SignIn(string name)
    {
        var now = _time.GetUtcNow();
        var person = Made.Person(Person.IdOf("test", name), name);
        var session = new Session
        {
            Id = $"ses_{_people.Sessions.Count}", KeyHash = $"{_people.Sessions.Count}", PersonId = person.Id, Role = Role.User, CreatedAt = now, SeenAt = now,
            EndsAt = now + Session.Longest,
        };
        _people.People[person.Id] = person;
        _people.Sessions[session.Id] = session;
        return PersonClaims.Of(person, Role.User, "test", new Claim(PersonClaims.Credential, session.Id));
    }

    private async Task<(bool Came, object? Answer)> CallAsync(ClaimsPrincipal user, string method, string? argument = null, object? answer = null)
    {
        var came = false;
        await using var services = new ServiceCollection().BuildServiceProvider();
        var invocation = new HubInvocationContext(
            new Connection(user), services, new NoHub(), Methods.Single(m => m.Name == method), argument is null ? [] : [argument]);
        var got = await _gate.InvokeMethodAsync(invocation, _ =>
        {
            came = true;
            return ValueTask.FromResult(answer);
        });
        return (came, got);
    }

    private sealed class NoHub : Hub;

    private sealed class Connection(ClaimsPrincipal user) : HubCallerContext
    {
        public override string ConnectionId => "connection";

        public override string? UserIdentifier => null;

        public override ClaimsPrincipal? User => user;

        public override IDictionary<object, object?> Items { get; } = new Dictionary<object, object?>();

        public override IFeatureCollection Features { get; } = new FeatureCollection();

        public override CancellationToken ConnectionAborted => CancellationToken.None;

        public override void Abort()
        {
        }
    }
}
