using System.Text.RegularExpressions;
using AiStackDeployer.Core.Connections;

namespace AiStackDeployer.Core.Provisioning.Checks;

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
            // A text that is no version (a canary's name) is not repeated: nobody knows what it holds.
            null => new ConnectionResult(ConnectionTarget.Dokploy, ConnectionCause.DokployVersionUnreadable)
            {
                Facts = facts with { ExpectedVersion = Tested.ToString() },
            },
            _ when version < Floor => Of(ConnectionCause.DokployTooOld, Floor),
            _ when version.Major > Tested.Major => Of(ConnectionCause.DokployOtherMajor, Tested),
            _ when version.Minor > Tested.Minor => Of(ConnectionCause.DokployNewer, Tested),
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
