using AiStackDeployer.Core.People;
using Microsoft.Playwright;

namespace AiStackDeployer.Tests.Browser;

/// <summary>
/// One Chromium, Debian's: the driver's own browsers are never fetched. The headless shell has no window to draw, which halves the
/// processor time.
/// </summary>
internal sealed class TestBrowser : IAsyncDisposable
{
    private const string Chromium = "/usr/bin/chromium-headless-shell";

    /// <summary>How long an expectation may stay unmet; far above what a healthy page needs on a busy machine.</summary>
    private const float PageTimeout = 60_000;

    private static int _people;

    private readonly IPlaywright _driver;
    private readonly IBrowser _browser;

    private TestBrowser(IPlaywright driver, IBrowser browser)
    {
        _driver = driver;
        _browser = browser;
    }

    public static async Task<TestBrowser> LaunchAsync()
    {
        Assertions.SetDefaultExpectTimeout(PageTimeout);
        var driver = await Playwright.CreateAsync();
        return new TestBrowser(driver, await driver.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Chromium,
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync",
            ],
        }));
    }

    /// <summary>Somebody with a browser of their own, in English unless told otherwise.</summary>
    /// <param name="role">Signed in as somebody new of this role; null = not signed in.</param>
    public async Task<Visitor> VisitAsync(Uri root, string path = "/", Action<BrowserNewContextOptions>? change = null, Role? role = null)
    {
        var options = new BrowserNewContextOptions { BaseURL = root.ToString(), Locale = "en-GB", ReducedMotion = ReducedMotion.Reduce };
        change?.Invoke(options);
        var context = await _browser.NewContextAsync(options);
        context.SetDefaultTimeout(PageTimeout);
        context.SetDefaultNavigationTimeout(PageTimeout);
        if (role is not null)
        {
            // What the buttons of the sign-in page send, to the portal that is visited.
            var portal = path.StartsWith("http", StringComparison.Ordinal) && !path.StartsWith(root.ToString(), StringComparison.Ordinal) ? new Uri(path) : root;
            var form = context.APIRequest.CreateFormData();
            form.Set("person", $"Person {Interlocked.Increment(ref _people)}");
            form.Set("role", role.ToString()!);
            var answer = await context.APIRequest.PostAsync(new Uri(portal, "sign-in").ToString(), new APIRequestContextOptions { Form = form, MaxRedirects = 0 });
            Assert.Equal(302, answer.Status);
        }
        var visitor = new Visitor(context, await context.NewPageAsync());
        await visitor.Page.GotoAsync(path);
        return visitor;
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _driver.Dispose();
    }
}
