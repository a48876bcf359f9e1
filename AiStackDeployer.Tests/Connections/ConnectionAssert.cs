using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AiStackDeployer.Core.Connections;
using AiStackDeployer.Web.Api;
using AiStackDeployer.Web.Components;
using AiStackDeployer.Web.Presentation;
using AiStackDeployer.Web.Resources;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;

namespace AiStackDeployer.Tests.Connections;

/// <summary>Results of real checks, held against the sentences they become.</summary>
internal static partial class ConnectionAssert
{
    private static readonly ServiceProvider Texts =
        new ServiceCollection().AddLogging().AddPortalTexts().AddSingleton<ConnectionMapper>().BuildServiceProvider();

    /// <summary>All results of a check. Each has every fact that its sentence and its remedy have a placeholder for.</summary>
    public static async Task<Dictionary<ConnectionTarget, ConnectionResult>> RunAsync(this IConnectionCheck check)
    {
        var results = new Dictionary<ConnectionTarget, ConnectionResult>();
        await foreach (var result in check.RunAsync(TestContext.Current.CancellationToken))
        {
            Assert.Contains(result.Target, check.Targets);
            results.Add(result.Target, result);
            HasItsFacts(result);
        }
        return results;
    }

    public static async Task<ConnectionResult> OneAsync(this IConnectionCheck check) => Assert.Single(await check.RunAsync()).Value;

    public static void Is(this ConnectionResult result, ConnectionVerdict verdict, ConnectionCause cause) =>
        Assert.Equal((verdict, cause), (result.Verdict, result.Cause));

    /// <summary>The sentence and the remedy, in English.</summary>
    public static string Said(ConnectionResult result)
    {
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("en");
        var text = Texts.GetRequiredService<ConnectionText>();
        return $"{text.Cause(result)} {text.Remedy(result)}".TrimEnd();
    }

    private static void HasItsFacts(ConnectionResult result)
    {
        var told = Texts.GetRequiredService<ConnectionMapper>().Whole(new ConnectionReport(default, [result])).Results[0].Facts;
        var facts = System.Text.Json.JsonSerializer.SerializeToNode(told, ApiJsonContext.Default.ConnectionFacts) as JsonObject ?? [];
        var texts = Texts.GetRequiredService<IStringLocalizer<ConnectionTexts>>();
        var places = Place().Matches(texts[result.Cause.ToWire()] + texts[result.Cause.ToWire() + "-remedy"]).Select(m => m.Groups[1].Value);
        // These may be unknown: a version needs a key that is accepted and a text that is one, an address a name that resolves, a status an answer.
        foreach (var place in places.Where(p => (p, result.Cause) is not (
            ("version", ConnectionCause.DokployAnswers or ConnectionCause.DokployUntested) or ("addresses", ConnectionCause.StackHostUnseen)
            or ("httpStatus", ConnectionCause.PortalNotReached))))
        {
            Assert.True(facts[place switch { "faults" => "missing", "times" => "calls", _ => place }] is not null, $"{result.Cause} does not tell its {place}");
        }
    }

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Place();
}
