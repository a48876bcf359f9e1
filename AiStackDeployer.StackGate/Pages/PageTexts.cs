namespace AiStackDeployer.StackGate.Pages;

internal enum GatePage
{
    SignIn,
    Enter,
    BadTicket,
    OtherSite,
    TooMany,
    Starting,
    TerminalStarting,
    Leave,
    Left,
    NotFound,
}

/// <param name="Title"><c>{0}</c> = the stack's name.</param>
internal sealed record PageText(string Title, string Text);

/// <summary>The words of the gate's few pages, in one language.</summary>
internal sealed record PageTexts(string Language, string ToPortal, string WithPassword, string SignOut, string Opening, Func<GatePage, PageText> Of)
{
    public static PageTexts English { get; } = new("en", "Go to the portal", "Sign in with the password", "Sign out", "Opening {0}…", page => page switch
    {
        GatePage.SignIn => new("Open {0} from the portal", "You are not signed in to this stack. Open it from the portal, and you are signed in at once."),
        GatePage.Enter => new("Open {0} from the portal", "This page needs a link from the portal, and JavaScript."),
        GatePage.BadTicket => new("This link no longer works", "A link opens a stack once, within a minute. Open {0} from the portal again."),
        GatePage.OtherSite => new("Refused", "Another site sent this request, so nothing was done."),
        GatePage.TooMany => new("Too many wrong passwords", "Wait a minute, then try again, or open {0} from the portal."),
        GatePage.Starting => new("{0} is starting", "OpenCode does not answer yet. This page tries again every few seconds."),
        GatePage.TerminalStarting => new("The terminal is starting", "It does not answer yet. This page tries again every few seconds."),
        GatePage.Leave => new("Sign out of {0}?", "Sessions and files stay as they are, and the agent goes on working."),
        GatePage.Left => new("You are signed out", "Open {0} from the portal to come back."),
        GatePage.NotFound => new("Not found", "There is no page at this address."),
        _ => throw new ArgumentOutOfRangeException(nameof(page)),
    });

    public static PageTexts Dutch { get; } = new("nl", "Naar het portaal", "Inloggen met het wachtwoord", "Uitloggen", "{0} wordt geopend…", page => page switch
    {
        GatePage.SignIn => new("Open {0} vanuit het portaal", "Je bent niet ingelogd bij deze stack. Open hem vanuit het portaal, dan ben je meteen ingelogd."),
        GatePage.Enter => new("Open {0} vanuit het portaal", "Deze pagina heeft een link uit het portaal nodig, en JavaScript."),
        GatePage.BadTicket => new("Deze link werkt niet meer", "Een link opent een stack één keer, binnen een minuut. Open {0} opnieuw vanuit het portaal."),
        GatePage.OtherSite => new("Geweigerd", "Dit verzoek kwam van een andere site, dus er is niets gedaan."),
        GatePage.TooMany => new("Te vaak een verkeerd wachtwoord", "Wacht een minuut en probeer het opnieuw, of open {0} vanuit het portaal."),
        GatePage.Starting => new("{0} wordt gestart", "OpenCode antwoordt nog niet. Deze pagina probeert het om de paar seconden opnieuw."),
        GatePage.TerminalStarting => new("De terminal wordt gestart", "Hij antwoordt nog niet. Deze pagina probeert het om de paar seconden opnieuw."),
        GatePage.Leave => new("Uitloggen bij {0}?", "Sessies en bestanden blijven zoals ze zijn, en de agent werkt door."),
        GatePage.Left => new("Je bent uitgelogd", "Open {0} vanuit het portaal om terug te komen."),
        GatePage.NotFound => new("Niet gevonden", "Op dit adres is geen pagina."),
        _ => throw new ArgumentOutOfRangeException(nameof(page)),
    });
}
