using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AiStackDeployer.Core.People;

namespace AiStackDeployer.Tests.TestKit;

/// <summary>A portal at which test persons sign in; its address is the one that it is called by.</summary>
public class SignInPortal : PortalFactory
{
    public SignInPortal()
    {
        EnvironmentName = "Development";
        With("AUTH", "development").With("PUBLIC_URL", "");
    }

    /// <summary>A browser in which somebody is signed in.</summary>
    public async Task<HttpClient> SignInAsync(string person, string role = "User")
    {
        var browser = NewPerson();
        browser.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        await browser.SignInAsync(person, Enum.Parse<Role>(role));
        return browser;
    }

    public static FormUrlEncodedContent Form(params IEnumerable<(string Name, string Value)> fields) => new(fields.Select(f => KeyValuePair.Create(f.Name, f.Value)));
}

/// <summary>What a browser does on pages that need no circuit, and a program with a token.</summary>
internal static partial class SignedInCalls
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Chooses a test person, as the sign-in page of Development offers them.</summary>
    public static async Task SignInAsync(this HttpClient browser, string person, Role role = Role.User)
    {
        using var answer = await browser.PostAsync("sign-in", SignInPortal.Form(("person", person), ("role", role.ToString())), Token);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
    }

    /// <summary>Posts a form of a page with the page's own hidden fields.</summary>
    public static async Task<HttpResponseMessage> PressAsync(this HttpClient browser, string page, string action, params (string Name, string Value)[] fields)
    {
        var html = await browser.GetStringAsync(page, Token);
        return await browser.PostAsync(action, SignInPortal.Form([("__RequestVerificationToken", Antiforgery().Match(html).Groups[1].Value), .. fields]), Token);
    }

    /// <summary>Makes a token on the account page.</summary>
    public static async Task<string> MakeTokenAsync(this HttpClient browser, string scopes, string name = "Script")
    {
        using var answer = await browser.PressAsync(
            "account", "account",
            [("_handler", "make-token"), ("Wish.Name", name), ("Wish.Days", "90"), .. scopes.Split(' ').Select(scope => ("Wish.Scopes", scope))]);
        var html = await answer.Content.ReadAsStringAsync(Token);
        Assert.True(answer.Headers.CacheControl!.NoStore);
        return Made().Match(html) is { Success: true } made ? made.Value : throw new InvalidOperationException(html);
    }

    public static HttpRequestMessage With(this HttpRequestMessage request, string token)
    {
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return request;
    }

    public static async Task<HttpResponseMessage> GetWithAsync(this HttpClient client, string path, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path).With(token);
        return await client.SendAsync(request, Token);
    }

    /// <summary>Calls a tool as an assistant's client does.</summary>
    public static async Task<HttpResponseMessage> CallToolAsync(this HttpClient client, string? token, string tool = "list_deployments", JsonObject? arguments = null)
    {
        var call = new JsonObject
        {
            ["jsonrpc"] = "2.0", ["id"] = 1, ["method"] = "tools/call", ["params"] = new JsonObject { ["name"] = tool, ["arguments"] = arguments ?? [] },
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, "mcp") { Content = new StringContent(call.ToJsonString(), null, "application/json") };
        request.Headers.Accept.ParseAdd("application/json, text/event-stream");
        return await client.SendAsync(token is null ? request : request.With(token), Token);
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]*)\"")]
    private static partial Regex Antiforgery();

    [GeneratedRegex("aisd_[A-Za-z0-9]{43}_[0-9a-f]{8}")]
    private static partial Regex Made();
}
