using System.Text.RegularExpressions;

namespace AiStackDeployer.Core.Connections.Checks;

/// <summary>Which versions of Dokploy the portal can work with.</summary>
internal static partial class DokployVersions
{
    /// <summary>The first with environments; before it, an application belonged to a project directly.</summary>
    internal static readonly Version Floor = new(0, 25);

    /// <summary>The one the client was written and tested against.</summary>
    internal static readonly Version Tested = new(0, 30, 2);

    public static ConnectionResult Judge(string text, ConnectionFacts facts)
    {
        var version = Number().Match(text) is { Success: true } match && Version.TryParse(match.Groups["number"].Value, out var number) ? number : null;
        return version switch
        {
            // A text that is no version, e.g. of a canary build, is not shown: it could hold anything.
            null => new ConnectionResult(ConnectionTarget.Dokploy, ConnectionCause.DokployUntested)
            {
                Facts = facts with { ExpectedVersion = Tested.ToString() },
            },
            _ when version < Floor => Of(ConnectionCause.DokployTooOld, Floor),
            _ when version.Major > Tested.Major => Of(ConnectionCause.DokployUntested, Tested),
            _ => Of(ConnectionCause.DokployAnswers, Tested),
        };

        ConnectionResult Of(ConnectionCause cause, Version expected) => new(ConnectionTarget.Dokploy, cause)
        {
            Facts = facts with { Version = version.ToString(), ExpectedVersion = expected.ToString() },
        };
    }

    [GeneratedRegex(@"^v?(?<number>\d{1,4}\.\d{1,4}(\.\d{1,4})?)(?![\d.])")]
    private static partial Regex Number();
}
