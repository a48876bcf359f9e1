using System.Globalization;
using System.Net;
using System.Text;
using AiStackDeployer.DokployEmulator.World;

namespace AiStackDeployer.DokployEmulator.Developer;

/// <summary>What is in the emulated Dokploy, and forms for what comes. Plain HTML; shows no environment and no bodies.</summary>
internal static class DeveloperPage
{
    public static string Render(EmulatorWorld world, Uri? stacks)
    {
        var page = new StringBuilder(Head);
        page.Append(CultureInfo.InvariantCulture, $"<p>Dokploy {Text(world.Options.DokployVersion)}, pace {world.Options.Pace}. Stacks answer at {Text(stacks?.ToString())} by their Host header.</p>");
        Outcomes(page, world);
        Faults(page, world);
        page.Append("<form method=\"post\" action=\"/emulator/restart\"><h2>Restart</h2><p>The active job is cancelled, waiting ones are lost.</p><button>Restart Dokploy</button></form>");
        page.Append("<form method=\"post\" action=\"/emulator/lose-database\"><h2>Lose the database</h2><p>The active job is dead, its row says running for good.</p><button>Lose the database</button></form>");

        var domains = world.Domains;
        Table(page, "Applications", ["Project", "Application", "Status", "Hosts", "Image"], world.Applications.Select(a => (string?[])
        [
            world.Projects.FirstOrDefault(p => p.ProjectId == a.ProjectId)?.Name, a.AppName, a.Status,
            string.Join(", ", domains.Where(d => d.ApplicationId == a.ApplicationId).Select(d => $"{d.Host}:{d.Port}")), a.DockerImage,
        ]));
        Table(page, "Queue", ["Job", "State", "Title"], world.Jobs.Select(j => (string?[])[j.Id, j.State, j.Title]));
        Table(page, "Swarm services", ["Service", "Newest task", "Takes requests", "Orphan", "Image"], world.Services.Select(s => (string?[])
            [s.Name, s.State, s.IsServing ? "yes" : "no", s.IsOrphan ? "yes" : "no", s.Image]));
        Table(page, "Deployments, newest first", ["Title", "Status", "Started"], world.Deployments.Reverse().Take(20).Select(d => (string?[])
            [d.Title, d.Status, d.CreatedAt.ToString("u", CultureInfo.InvariantCulture)]));
        Table(page, "Calls", ["Call", "Times"], world.Calls.Counts.Select(c => (string?[])[c.Key, c.Value.ToString(CultureInfo.InvariantCulture)]));
        return page.Append("</main></body></html>").ToString();
    }

    private static void Outcomes(StringBuilder page, EmulatorWorld world)
    {
        page.Append("<form method=\"post\" action=\"/emulator/outcomes\"><h2>What coming deployments do</h2>")
            .Append("<label>Application name, its beginning, or *<input name=\"appName\" value=\"*\"></label>")
            .Append("<label>Outcome<select name=\"outcome\">");
        foreach (var outcome in Enum.GetNames<ImageOutcome>())
        {
            page.Append(CultureInfo.InvariantCulture, $"<option>{outcome}</option>");
        }

        page.Append("</select></label><button>Set</button></form>");
        Table(page, "Set now", ["Name", "Outcome"], world.Outcomes.All.Select(o => (string?[])[o.Key, o.Value.ToString()]));
        page.Append("<form method=\"post\" action=\"/emulator/outcomes/clear\"><button>Clear outcomes</button></form>");
    }

    private static void Faults(StringBuilder page, EmulatorWorld world)
    {
        page.Append("<form method=\"post\" action=\"/emulator/faults\"><h2>Faults</h2>")
            .Append("<label>Call (a procedure, * or stack)<input name=\"call\" value=\"*\"></label><label>Kind<select name=\"kind\">");
        foreach (var kind in FaultText.Kinds)
        {
            page.Append(CultureInfo.InvariantCulture, $"<option>{kind}</option>");
        }

        page.Append("</select></label><label>Times (empty = until cleared)<input name=\"times\" inputmode=\"numeric\"></label>")
            .Append("<label>After so many calls<input name=\"after\" inputmode=\"numeric\"></label>")
            .Append("<label>Status code<input name=\"code\" inputmode=\"numeric\"></label>")
            .Append("<label>Delay in seconds<input name=\"seconds\" inputmode=\"numeric\"></label><button>Add</button></form>");
        Table(page, "In force", ["Call", "Kind", "Times left"], world.Faults.All.Select(f => (string?[])
            [f.Call, FaultText.Describe(f.Kind), f.Times?.ToString(CultureInfo.InvariantCulture) ?? "all"]));
        page.Append("<form method=\"post\" action=\"/emulator/faults/clear\"><button>Clear faults</button></form>");
    }

    private static void Table(StringBuilder page, string title, string[] heads, IEnumerable<string?[]> rows)
    {
        page.Append(CultureInfo.InvariantCulture, $"<h2>{Text(title)}</h2><div><table><thead><tr>");
        foreach (var head in heads)
        {
            page.Append(CultureInfo.InvariantCulture, $"<th scope=\"col\">{Text(head)}</th>");
        }

        page.Append("</tr></thead><tbody>");
        foreach (var row in rows)
        {
            page.Append("<tr>");
            foreach (var cell in row)
            {
                page.Append(CultureInfo.InvariantCulture, $"<td>{Text(cell)}</td>");
            }

            page.Append("</tr>");
        }

        page.Append("</tbody></table></div>");
    }

    private static string Text(string? text) => WebUtility.HtmlEncode(text ?? "");

    private const string Head = """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Dokploy emulator</title>
        <style>
        :root { color-scheme: light dark; }
        body { margin: 0; font: 1rem/1.5 system-ui, sans-serif; }
        main { max-width: 60rem; margin: 0 auto; padding: 1rem; }
        h2 { font-size: 1.05rem; margin: 1.5rem 0 .5rem; }
        form { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: end; }
        form h2, form p { flex-basis: 100%; margin-bottom: 0; }
        label { display: grid; font-size: .9rem; }
        input, select, button { font: inherit; padding: .25rem .5rem; }
        div { overflow-x: auto; }
        table { border-collapse: collapse; width: 100%; font-size: .9rem; }
        th, td { text-align: left; padding: .25rem .5rem; border-bottom: 1px solid GrayText; overflow-wrap: anywhere; }
        </style>
        </head>
        <body><main>
        <h1>Dokploy emulator</h1>
        """;
}
