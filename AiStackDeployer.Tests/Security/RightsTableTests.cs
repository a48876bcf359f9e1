using System.Net;
using System.Text.Json.Nodes;
using AiStackDeployer.Core.People;
using AiStackDeployer.Tests.TestKit;
using AiStackDeployer.Web.Mcp;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace AiStackDeployer.Tests.Security;

/// <summary>
/// Who gets what from every route, page and tool. The lists come from the program: what has no row here fails. Owner is who made
/// <c>rights-lab</c>; the tokens are an administrator's, who made <c>admin-lab</c>, each with one scope and one with all.
/// </summary>
public sealed class RightsTableTests(RightsTableTests.World world) : IClassFixture<RightsTableTests.World>
{
    /// <summary>Of routes: nobody, user, owner, operator, admin, a session that was ended | token: read, deploy, manage, credentials, admin, all.</summary>
    /// <remarks>+ gets past every right, 1 = 401 or led to the sign-in, 3 = 403, 4 = 404 as if it were not there.</remarks>
    private static readonly Dictionary<string, string> Routes = new()
    {
        // Pages: a token opens none, and one that a role does not reach is not there.
        ["GET /"] = "1++++1|111111",
        ["GET /new"] = "1++++1|111111",
        ["GET /stacks"] = "1++++1|111111",
        ["GET /stacks/{Name}"] = "14+++1|111111",
        ["GET /stacks/{Name}/logs"] = "14+++1|111111",
        ["GET /deployments/{Id}"] = "14+++1|111111",
        ["GET /admin"] = "144++1|111111",
        ["GET /admin/stacks.csv"] = "144++1|111111",
        ["GET /admin/connections"] = "144++1|111111",
        ["GET /admin/people"] = "1444+1|111111",
        ["GET /admin/audit"] = "1444+1|111111",
        ["GET /admin/care"] = "1444+1|111111",
        ["GET /admin/rollout"] = "1444+1|111111",
        ["GET /account"] = "1++++1|111111",
        // A way into a stack is its owner's alone; the form fails past the right for want of the page's own proof.
        ["GET /open/{name}"] = "14+441|111111",
        ["GET /open/{Name}/ask"] = "14+441|111111",
        ["POST /open/{name}"] = "1++++1|111111",
        ["GET /not-found"] = "144441|111111",
        ["GET /{**path:file}"] = "144441|111111",
        // REST.
        ["POST /api/deploy"] = "1++++1|3+333+",
        ["GET /api/deployments"] = "133++1|33333+",
        ["GET /api/deployments/{id}"] = "14+++1|+4444+",
        ["GET /api/status/{id}"] = "14+++1|+4444+",
        ["GET /api/deployments/{id}/events"] = "14+++1|+4444+",
        ["GET /api/deployments/{id}/log"] = "14+++1|+4444+",
        ["GET /api/deployments/{id}/diagnosis"] = "14+++1|+4444+",
        ["POST /api/deployments/{id}/cancel"] = "14+++1|34444+",
        ["POST /api/deployments/{id}/retry"] = "14+++1|34444+",
        ["GET /api/stacks"] = "133++1|33333+",
        ["GET /api/stacks/{name}"] = "14+++1|+4444+",
        ["GET /api/stacks/{name}/logs"] = "14+++1|+4444+",
        ["GET /api/stacks/{name}/diagnosis"] = "14+++1|+4444+",
        ["GET /api/stacks/{name}/support-bundle"] = "14+++1|+4444+",
        ["DELETE /api/stacks/{name}"] = "14+++1|34444+",
        ["GET /api/stacks/{name}/credentials"] = "14+331|34444+",
        ["POST /api/stacks/{name}/open"] = "14+331|34444+",
        ["POST /api/stacks/{name}/operations/{operation}"] = "14+++1|34444+",
        ["GET /wake/{Name}"] = "14+++1|111111",
        ["PATCH /api/stacks/{name}"] = "14+++1|34444+",
        ["GET /api/stacks/{name}/environment"] = "14+++1|34444+",
        ["PATCH /api/stacks/{name}/environment"] = "14+++1|34444+",
        ["POST /api/stacks/{name}/keep"] = "14+++1|34444+",
        ["POST /api/stacks/{name}/owner"] = "1433+1|34444+",
        ["GET /api/check/{**name}"] = "1++++1|++++++",
        ["GET /api/check"] = "1++++1|++++++",
        ["GET /api/figures"] = "133++1|33333+",
        ["GET /api/connections"] = "133++1|33333+",
        ["GET /api/people"] = "1333+1|3333++",
        ["GET /api/audit"] = "1333+1|3333++",
        ["GET /api/trouble"] = "133++1|33333+",
        ["GET /api/care"] = "1333+1|3333++",
        ["PUT /api/care/maintenance"] = "1333+1|3333++",
        ["DELETE /api/care/maintenance"] = "1333+1|3333++",
        ["PUT /api/care/notice"] = "1333+1|3333++",
        ["DELETE /api/care/notice"] = "1333+1|3333++",
        ["PUT /api/care/policies"] = "1333+1|3333++",
        ["GET /api/admin/rollout"] = "1333+1|3333++",
        ["GET /api/admin/rollout/preview"] = "1333+1|3333++",
        ["POST /api/admin/rollout"] = "1333+1|3333++",
        ["POST /api/admin/rollout/{id}/{act}"] = "1333+1|3333++",
        ["GET /api/dns"] = "133++1|33333+",
        ["POST /api/dns/repair"] = "1333+1|3333++",
        // For the log ingest's key, and for nothing that a person has: IngestApiTests.
        ["GET /api/ingest/stacks"] = "111111|111111",
        ["GET /openapi/{documentName}.json"] = "1++++1|111111",
        ["GET /scalar/{documentName?}"] = "1++++1|111111",
        // One's own access: forms of a page, never with a token. Past the right it fails for want of the form's own proof.
        ["POST /account/sessions/{id}/end"] = "1++++1|111111",
        ["POST /account/tokens/{id}/revoke"] = "1++++1|111111",
        ["POST /account/clients/{id}/revoke"] = "1++++1|111111",
        ["POST /sign-out"] = "1++++1|111111",
        // For assistants: cookies are nobody there. A call without sense is past the right.
        ["POST /mcp"] = "111111|++++++",
    };

    /// <summary>Of tools: user, owner, operator, admin | token: read, deploy, manage, credentials, admin, all.</summary>
    private static readonly Dictionary<string, string> Tools = new()
    {
        ["deploy_stack"] = "++++|3+333+",
        ["check_deployment_status"] = "4+++|+4444+",
        ["wait_for_deployment"] = "4+++|+4444+",
        ["diagnose_deployment"] = "4+++|+4444+",
        ["cancel_deployment"] = "4+++|34444+",
        ["delete_stack"] = "4+++|34444+",
        ["list_deployments"] = "++++|+3333+",
        ["check_name_availability"] = "++++|++++++",
        ["test_api_connections"] = "33++|33333+",
    };

    /// <summary>For everybody: who asks is not even looked at.</summary>
    private static readonly string[] Anonymous =
    [
        "/health", "/health/live", "/health/ready", "/sign-in", "/signed-out", "/error", "/.well-known/oauth-protected-resource/mcp", "/oauth/register",
    ];

    /// <summary>Answered by the authorization server's own rules, which have their own tests.</summary>
    private static readonly string[] OAuth = ["/oauth/authorize", "/oauth/consent"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> RouteRows => [.. Routes.Keys];

    public static TheoryData<string> ToolRows => [.. Tools.Keys];

    [Fact]
    public void Every_route_and_page_has_a_row()
    {
        var routes = world.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null)
            .Select(endpoint => (Path: "/" + endpoint.RoutePattern.RawText!.Trim('/'), Endpoint: endpoint))
            // The circuit's own, which every signed-in person may open: CircuitGateTests. And ones that only refuse a method.
            .Where(e => !e.Path.StartsWith("/_blazor", StringComparison.Ordinal) && !e.Path.StartsWith("/_framework", StringComparison.Ordinal))
            .Where(e => !OAuth.Contains(e.Path) && e.Endpoint.DisplayName?.Contains("Refuse", StringComparison.Ordinal) != true)
            .SelectMany(e => e.Endpoint.Metadata.GetMetadata<ComponentTypeMetadata>() is not null
                ? [$"GET {e.Path}"]
                : (e.Endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Where(method => method != "HEAD").Select(method => $"{method} {e.Path}"))
            .Distinct().Order(StringComparer.Ordinal).ToList();

        Assert.Equal(Routes.Keys.Order(StringComparer.Ordinal), routes);
    }

    [Fact]
    public void Open_to_everybody_are_files_and_what_is_listed()
    {
        var open = world.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null)
            .Where(endpoint => endpoint.Metadata.GetMetadata<Microsoft.AspNetCore.StaticAssets.StaticAssetDescriptor>() is null)
            .Select(endpoint => "/" + endpoint.RoutePattern.RawText!.Trim('/')).Where(path => !path.StartsWith("/scalar/", StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal);

        Assert.Equal(Anonymous.Order(StringComparer.Ordinal), open);
    }

    [Theory]
    [MemberData(nameof(RouteRows))]
    public async Task A_route_answers_as_its_row_says(string route)
    {
        var got = "";
        foreach (var browser in world.Browsers)
        {
            got += await AskAsync(route, browser, null, "rights-lab", world.OwnersId);
        }
        got += "|";
        foreach (var token in world.Tokens)
        {
            got += await AskAsync(route, world.Script, token, "admin-lab", world.AdminsId);
        }

        Assert.Equal(Routes[route], got);
    }

    /// <summary>But for the one that is there while there is an operation to offer; its rights are those of deleting.</summary>
    [Fact]
    public void Every_tool_has_a_row() =>
        Assert.Equal(Tools.Keys.Order(StringComparer.Ordinal), ToolCatalog.CreateTools().Select(tool => tool.ProtocolTool.Name).Where(name => name != OperationTools.OperateName).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(ToolRows))]
    public async Task A_tool_answers_as_its_row_says(string tool)
    {
        var got = "";
        foreach (var token in world.EverybodysTokens)
        {
            got += await CallAsync(tool, token, "rights-lab", world.OwnersId);
        }
        got += "|";
        foreach (var token in world.Tokens)
        {
            got += await CallAsync(tool, token, "admin-lab", world.AdminsId);
        }

        Assert.Equal(Tools[tool], got);
    }

    /// <summary>Each call is made so that, past every right, it does nothing: a name that is reserved, a confirmation that differs.</summary>
    private static async Task<char> AskAsync(string route, HttpClient client, string? token, string name, string id)
    {
        var (method, path) = (route.Split(' ')[0], route.Split(' ')[1].TrimStart('/'));
        path = path.Replace("{Id}", id, StringComparison.Ordinal).Replace("{id}", id, StringComparison.Ordinal).Replace("{**name}", "free-lab", StringComparison.Ordinal)
            .Replace("{name}", name, StringComparison.OrdinalIgnoreCase).Replace("{**path:file}", "no-such-file.png", StringComparison.Ordinal).Replace("{documentName?}", "v1", StringComparison.Ordinal).Replace("{documentName}", "v1", StringComparison.Ordinal);
        path = path.Replace("{operation}", "start", StringComparison.Ordinal);
        path = path.Replace("{act}", "pause", StringComparison.Ordinal);
        path += path.EndsWith("/preview", StringComparison.Ordinal) ? "?image=img:2" : "";
        path += method == "DELETE" ? "?confirm=another-name" : path.EndsWith("/keep", StringComparison.Ordinal) ? "?hours=1" : "";
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (method is "PATCH" or "PUT")
        {
            request.Content = new StringContent("{}", null, "application/json");
        }
        if (method == "POST")
        {
            request.Content = route switch
            {
                "POST /api/deploy" => new StringContent("""{"name":"admin"}""", null, "application/json"),
                "POST /api/stacks/{name}/owner" => new StringContent("""{"personId":"usr_nobody"}""", null, "application/json"),
                "POST /api/admin/rollout" => new StringContent("""{"image":"no-tag"}""", null, "application/json"),
                "POST /mcp" => new StringContent("{}", null, "application/json"),
                _ when path.StartsWith("account", StringComparison.Ordinal) || path == "sign-out" => new FormUrlEncodedContent([]),
                _ => null,
            };
        }
        if (token is not null)
        {
            request.With(token);
        }
        request.Headers.Accept.ParseAdd(path.StartsWith("api", StringComparison.Ordinal) || path == "mcp" ? "application/json" : "text/html");
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
        return answer.StatusCode switch
        {
            HttpStatusCode.Unauthorized => '1',
            HttpStatusCode.Redirect when answer.Headers.Location!.ToString().Contains("/sign-in", StringComparison.Ordinal) => '1',
            HttpStatusCode.Forbidden => '3',
            HttpStatusCode.NotFound when await answer.Content.ReadAsStringAsync(Token) is var text && (text.Contains("person-not-found", StringComparison.Ordinal) || text.Contains("rollout-not-found", StringComparison.Ordinal)) => '+',
            HttpStatusCode.NotFound => '4',
            _ => '+',
        };
    }

    private async Task<char> CallAsync(string tool, string token, string name, string id)
    {
        JsonObject arguments = tool switch
        {
            "deploy_stack" => new() { ["name"] = "admin" },
            "delete_stack" => new() { ["name"] = name, ["confirm_name"] = "another-name" },
            "check_name_availability" => new() { ["name"] = "free-lab" },
            "list_deployments" or "test_api_connections" => [],
            _ => new() { ["deployment_id"] = id },
        };
        using var answer = await world.Script.CallToolAsync(token, tool, arguments);
        var text = await answer.Content.ReadAsStringAsync(Token);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, text);
        return text.Contains("not-allowed", StringComparison.Ordinal) ? '3'
            : text.Contains("deployment-not-found", StringComparison.Ordinal) || text.Contains("stack-not-found", StringComparison.Ordinal) ? '4'
            : '+';
    }

    /// <summary>One portal with everybody there is.</summary>
    public sealed class World : SignInPortal
    {
        private const string All = "read deploy manage credentials admin";

        internal HttpClient Script { get; private set; } = null!;

        internal IReadOnlyList<HttpClient> Browsers { get; private set; } = [];

        internal IReadOnlyList<string> Tokens { get; private set; } = [];

        internal IReadOnlyList<string> EverybodysTokens { get; private set; } = [];

        internal string OwnersId { get; private set; } = "";

        internal string AdminsId { get; private set; } = "";

        public override async ValueTask InitializeAsync()
        {
            await base.InitializeAsync();
            Script = NewScript();
            var (user, owner, operators, admin, gone) = (
                await SignInAsync("Ursula"), await SignInAsync("Olga"), await SignInAsync("Oscar", "Operator"), await SignInAsync("Ada", "Admin"), await SignInAsync("Ada", "Admin"));
            OwnersId = await MakeAsync(owner, "rights-lab");
            AdminsId = await MakeAsync(admin, "admin-lab");
            // The cookie is kept, as somebody might who has copied it.
            var sessions = await Services.GetRequiredService<IPeople>().ListSessionsAsync(
                Person.IdOf("urn:ai-stack-deployer:development", "ada"), TimeProvider.System.GetUtcNow(), Token);
            Browsers = [NewScript(), user, owner, operators, admin, gone];
            var before = await gone.GetStringAsync("account", Token);
            Assert.NotEmpty(before);
            foreach (var session in sessions.OrderBy(s => s.CreatedAt).ThenBy(s => s.Id).Skip(1))
            {
                Assert.True(await Services.GetRequiredService<IPeople>().EndSessionAsync(session.PersonId, session.Id, TimeProvider.System.GetUtcNow(), Token));
                Services.GetRequiredService<AiStackDeployer.Web.Security.SignIn.LiveSessions>().End(session.Id);
            }
            var tokens = new List<string>();
            foreach (var scopes in All.Split(' ').Append(All))
            {
                tokens.Add(await admin.MakeTokenAsync(scopes));
            }
            Tokens = tokens;
            EverybodysTokens =
            [
                await user.MakeTokenAsync("read deploy manage credentials"), await owner.MakeTokenAsync("read deploy manage credentials"),
                await operators.MakeTokenAsync(All), await admin.MakeTokenAsync(All),
            ];
        }

        private static async Task<string> MakeAsync(HttpClient person, string name)
        {
            var id = (await person.StartAsync(name)).Text("deploymentId");
            await using var events = await EventReader.OpenAsync(person, id);
            await events.RestAsync();
            return id;
        }
    }
}
