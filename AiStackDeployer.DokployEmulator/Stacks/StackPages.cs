using System.Net;

namespace AiStackDeployer.DokployEmulator.Stacks;

/// <summary>The pages a person sees behind a stack's link. Self-contained, light and dark.</summary>
internal static class StackPages
{
    /// <summary>What a container that is no OpenCode shows.</summary>
    public static string Foreign { get; } = Page("Welcome", "<h1>It works!</h1><p>This is some other program.</p>");

    public static string Home(string name) => Page(name, $"""
        <p class="tag">emulated</p>
        <h1>This is the stack <strong>{WebUtility.HtmlEncode(name)}</strong> (emulated)</h1>
        <p>A real stack shows OpenCode here. Deployment, address and password are as they would be; only the program behind them is not.</p>
        <p><a href="/terminal/">Open its terminal</a></p>
        """);

    public static string Terminal(string name) => Page(name + " terminal", $"""
        <p class="tag">emulated</p>
        <h1>Terminal of <strong>{WebUtility.HtmlEncode(name)}</strong></h1>
        <pre>opencode@{WebUtility.HtmlEncode(name)}:/workspace$ <span class="cursor">&nbsp;</span></pre>
        <p><a href="/">Back to the stack</a></p>
        """);

    /// <summary>Takes the ticket out of the fragment, which no server and no log sees, and gives it to the gate.</summary>
    public static string Enter(string portal) => Page("Opening", $"""
        <p class="tag">emulated</p>
        <h1 id="state">Opening your stack…</h1>
        <form id="way" method="post" action="/.stack/enter"><input type="hidden" name="ticket"><input type="hidden" name="to"></form>
        <noscript><p>{Back(portal)}</p></noscript>
        <script>
        const words = new URLSearchParams(location.hash.slice(1));
        history.replaceState(null, "", location.pathname);
        const way = document.getElementById("way");
        way.ticket.value = words.get("ticket") ?? "";
        way.to.value = words.get("to") ?? "/";
        way.submit();
        </script>
        """);

    /// <summary>For a browser that is not signed in, or whose ticket is not good.</summary>
    public static string Refusal(string portal) => Page("Not signed in", $"""
        <p class="tag">emulated</p>
        <h1>Open this stack from the portal</h1>
        <p>{Back(portal)}</p>
        <p><a href="/.stack/password">Sign in with the password</a></p>
        """);

    private static string Back(string portal) =>
        portal.Length > 0 ? $"<a href=\"{WebUtility.HtmlEncode(portal)}\">Go to the portal</a>" : "Open it from the portal.";

    private static string Page(string title, string body) => $$"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{{WebUtility.HtmlEncode(title)}}</title>
        <style>
        :root { color-scheme: light dark; --ink: light-dark(#1c2430, #e6eaf0); --paper: light-dark(#f5f6f8, #12161c); --line: light-dark(#cfd5de, #333c49); --accent: light-dark(#0b5f74, #6fc7dd); }
        body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--paper); color: var(--ink); font: 1.05rem/1.55 system-ui, sans-serif; }
        main { box-sizing: border-box; width: min(34rem, 100%); padding: 2rem 1.5rem; }
        h1 { font-size: 1.5rem; font-weight: 500; line-height: 1.3; overflow-wrap: anywhere; }
        strong { color: var(--accent); }
        a { color: var(--accent); }
        pre { padding: 1rem; border: 1px solid var(--line); overflow-x: auto; }
        .tag { display: inline-block; margin: 0; padding: 0 .5rem; border: 1px solid var(--line); font-size: .85rem; }
        .cursor { background: var(--ink); }
        </style>
        </head>
        <body><main>
        {{body}}
        </main></body>
        </html>
        """;
}
