using System.Globalization;
using System.Text;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.People;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Web.Presentation;
using AiStackDeployer.Web.Security;
using Microsoft.AspNetCore.Http.Extensions;

namespace AiStackDeployer.Web.Api;

/// <summary>What the administrators' grid shows, as one file: all pages, by the same address.</summary>
internal static class StacksCsv
{
    private static readonly string[] Columns =
    [
        "name", "label", "address", "ownerId", "ownerName", "state", "health", "healthSince", "lastAnswered", "lastUsed", "createdAt", "image", "memoryBytes", "lastOperation", "failure",
    ];

    public static void MapStacksCsv(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/admin/stacks.csv", WriteAsync).RequireAuthorization(Policies.ViewAdmin).ExcludeFromDescription();

    private static async Task<IResult> WriteAsync(
        HttpContext context, DeploymentService deployments, IPeople people, IStackGates gates, TimeProvider time, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var pages = deployments.ReadAllStacksAsync(StacksView.Of(context.Request.GetEncodedPathAndQuery()).ToQuery(now), cancellationToken).GetAsyncEnumerator(cancellationToken);
        // Before anything is sent, so that trouble of the database is still told.
        var hasRows = await pages.MoveNextAsync();
        return TypedResults.Stream(
            async body =>
            {
                await using var writer = new StreamWriter(body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\r\n" };
                await writer.WriteLineAsync(string.Join(',', Columns.Select(AuditApi.Cell)));
                await using (pages)
                {
                    for (; hasRows; hasRows = await pages.MoveNextAsync())
                    {
                        var names = await people.NamesAsync([.. pages.Current.Select(r => r.Stack.OwnerId).Distinct()], cancellationToken);
                        foreach (var row in pages.Current)
                        {
                            await writer.WriteLineAsync(string.Join(',', Cells(row, names, gates).Select(AuditApi.Cell)));
                        }
                        await writer.FlushAsync(cancellationToken);
                    }
                }
            },
            "text/csv; charset=utf-8",
            string.Create(CultureInfo.InvariantCulture, $"stacks-{now:yyyy-MM-dd}.csv"));
    }

    private static IEnumerable<string?> Cells(StackRow row, IReadOnlyDictionary<string, string> names, IStackGates gates) =>
    [
        row.Stack.Name, row.Stack.Label, row.Stack.Url, row.Stack.OwnerId, names.GetValueOrDefault(row.Stack.OwnerId), WireNames.Of(row.Stack.State),
        row.Stack.State == StackState.Ready ? WireNames.Of(row.Health.State) : null, Moment(row.Health.Since), Moment(row.Health.SeenAt), Moment(row.Stack.UsedAt),
        Moment(row.Stack.CreatedAt), row.Stack.Image, gates.LastTold(row.Stack.Id)?.MemoryBytes?.ToString(CultureInfo.InvariantCulture), row.Operation.Name,
        row.FailureCode?.ToWire(),
    ];

    private static string? Moment(DateTimeOffset? moment) => moment?.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
