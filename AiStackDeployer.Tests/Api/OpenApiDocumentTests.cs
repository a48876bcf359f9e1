using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AiStackDeployer.Tests.TestKit;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace AiStackDeployer.Tests.Api;

/// <summary>The document itself: whole, without loose ends, and about exactly what the portal serves.</summary>
public sealed partial class OpenApiDocumentTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_an_OpenAPI_3_1_document_of_this_portal_wherever_it_stands()
    {
        using var answer = await portal.NewScript().GetAsync("openapi/v1.json", Token);
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        var document = await answer.ReadJsonAsync();

        Assert.Matches("^3\\.1\\.", document.Text("openapi"));
        Assert.Equal("AI Stack Deployer", document["info"]!.Text("title"));
        Assert.Equal((await portal.NewScript().GetJsonAsync("health")).Text("version"), document["info"]!.Text("version"));
        Assert.Equal("/", Assert.Single(document["servers"]!.AsArray())!.Text("url"));
    }

    [Fact]
    public async Task Every_reference_leads_somewhere()
    {
        var document = (await ContractAsync()).Document;
        var references = Everything(document).OfType<JsonObject>().Select(o => o["$ref"]).Where(r => r is not null).Select(r => r!.GetValue<string>()).ToList();

        Assert.True(references.Count > 20);
        Assert.All(references.Distinct(), reference =>
        {
            Assert.StartsWith("#/", reference, StringComparison.Ordinal);
            Assert.NotNull(reference[2..].Split('/').Aggregate((JsonNode?)document, (node, part) => node?[part]));
        });
    }

    [Fact]
    public async Task It_has_every_route_of_the_API_and_no_other()
    {
        var contract = await ContractAsync();
        var routes = portal.Services.GetServices<EndpointDataSource>().SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()
            .Select(e => (Path: "/" + e.RoutePattern.RawText!.Trim('/').Replace("{**", "{", StringComparison.Ordinal), Endpoint: e))
            .Where(e => e.Path.StartsWith("/api", StringComparison.Ordinal) || e.Path.StartsWith("/health", StringComparison.Ordinal))
            .SelectMany(e => (e.Endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Select(m => (Route: $"{m} {e.Path}", e.Endpoint)))
            .ToList();
        var hidden = routes.Where(r => r.Endpoint.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>() is not null).Select(r => r.Route);
        // One that only says "not like this", and what the log ingest alone may ask.
        string[] notForCallers = ["GET /api/deploy", "GET /api/ingest/stacks"];
        Assert.Equal(notForCallers, hidden.Order());

        var served = routes.Select(r => r.Route).Except(notForCallers);
        Assert.Equal(served.Order(), contract.Operations.Select(o => $"{o.Method} {o.Path}").Order());
    }

    [Fact]
    public async Task Every_operation_says_what_it_does_and_describes_all_that_goes_in_and_comes_out()
    {
        var contract = await ContractAsync();
        var tags = contract.Document["tags"]!.AsArray().Select(t => t!.Text("name")).ToList();

        Assert.Distinct(contract.Operations.Select(o => o.Id));
        Assert.All(contract.Operations, operation =>
        {
            Assert.Matches("^[a-z]+([A-Z][a-z]+)+$", operation.Id);
            Assert.NotEmpty(operation.Node.Text("summary"));
            Assert.NotEmpty(operation.Node.Text("description"));
            Assert.Contains(Assert.Single(operation.Node["tags"]!.AsArray())!.GetValue<string>(), tags);
            var parameters = (operation.Node["parameters"]?.AsArray() ?? []).Select(p => Resolve(contract.Document, p!)).ToList();
            Assert.Distinct(parameters.Select(p => $"{p.Text("in")} {p.Text("name")}"));
            Assert.Equal(
                PlaceOf().Matches(operation.Path).Select(m => m.Groups[1].Value),
                parameters.Where(p => p.Text("in") == "path").Select(p => p.Text("name")));
            Assert.All(parameters, p =>
            {
                Assert.NotEmpty(p.Text("description"));
                Assert.NotNull(Resolve(contract.Document, p["schema"]!)["type"]);
            });
            Assert.Contains(operation.Responses, r => r.Key[0] == '2');
            Assert.All(operation.Responses, r => Assert.NotEmpty(r.Value!.Text("description")));
            Assert.All(operation.Responses.Where(r => r.Key is not "204"), r => Assert.NotNull(r.Value!["content"]));
        });
    }

    [Fact]
    public async Task Every_member_is_described_and_none_may_be_null()
    {
        var schemas = (await ContractAsync()).Document["components"]!["schemas"]!.AsObject();
        string[] ofTheStandard = ["type", "title", "status", "detail", "instance"];

        Assert.All(schemas, schema =>
        {
            // The words of an enumeration speak for themselves.
            Assert.True(schema.Value!["enum"] is not null || schema.Value["description"] is not null, $"{schema.Key} is not described");
            Assert.All(
                (schema.Value!["properties"]?.AsObject() ?? []).Where(p => schema.Key != "Problem" || !ofTheStandard.Contains(p.Key)),
                p => Assert.True(p.Value!["description"] is not null, $"{schema.Key}.{p.Key} is not described"));
        });
        Assert.DoesNotContain("\"null\"", schemas.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(["name"], schemas["DeployRequest"]!["required"]!.AsArray().Select(r => r!.GetValue<string>()));
    }

    private static JsonNode Resolve(JsonObject document, JsonNode node) =>
        node["$ref"]?.GetValue<string>() is { } reference
            ? reference[2..].Split('/').Aggregate((JsonNode)document, (at, part) => at[part]!)
            : node;

    private static IEnumerable<JsonNode> Everything(JsonNode? node) => node switch
    {
        JsonObject o => o.SelectMany(member => Everything(member.Value)).Prepend(o),
        JsonArray many => many.SelectMany(Everything).Prepend(many),
        null => [],
        _ => [node],
    };

    private async Task<ApiContract> ContractAsync() => await ApiContract.ReadAsync(portal.NewScript());

    [GeneratedRegex("{([^}]+)}")]
    private static partial Regex PlaceOf();
}
