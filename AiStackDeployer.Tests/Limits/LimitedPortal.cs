using System.Net;
using AiStackDeployer.Tests.TestKit;
using AiStackDeployer.Web.Limits;
using Microsoft.Extensions.DependencyInjection;

namespace AiStackDeployer.Tests.Limits;

/// <summary>A portal with small limits, where nothing that is used up comes back while a test runs.</summary>
public sealed class LimitedPortal : PortalFactory
{
    /// <summary>Requests of any kind that begin nothing.</summary>
    public const int AtOnce = 20;

    public const int Starts = 2;

    public LimitedPortal() => With(services => services.AddSingleton(new PortalLimits(Options)));

    /// <summary>As if somebody there had called all day.</summary>
    public void UseUp(string address)
    {
        var (limits, caller) = (Services.GetRequiredService<PortalLimits>(), Caller.OfAddress(IPAddress.Parse(address)));
        foreach (var rate in new[] { Rate.Api, Rate.Check })
        {
            while (limits.Count(rate, caller) is null)
            {
            }
        }
    }

    /// <summary>As if others watched as much as there is room for.</summary>
    public IDisposable TakeStreams() => new Places(
        [.. Enumerable.Range(0, 2).Select(n => Services.GetRequiredService<PortalLimits>().Take(Hold.Stream, Caller.OfPerson($"usr_watcher_{n}"))!)]);

    private sealed class Places(IReadOnlyList<IDisposable> held) : IDisposable
    {
        public void Dispose()
        {
            foreach (var place in held)
            {
                place.Dispose();
            }
        }
    }

    private static LimitOptions Options
    {
        get
        {
            var (few, one) = (new Bucket(AtOnce, TimeSpan.FromHours(1)), new Room(1, 1, 2));
            return LimitOptions.For(1, 0) with
            {
                Start = few with { AtOnce = Starts }, Check = few, Api = few, Page = few, SignIn = few, Streams = one, Circuits = one,
            };
        }
    }
}
