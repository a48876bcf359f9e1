using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;

namespace AiStackDeployer.Web.Api;

internal static class Paging
{
    /// <summary>The address of this list from another row on, its other parameters as they are; null when there is no such row.</summary>
    public static string? Next(HttpRequest request, int skip, int shown, int total) =>
        shown > 0 && skip + shown < total ? With(request, ApiParameters.Skip.Name, skip + shown) : null;

    public static string With(HttpRequest request, string parameter, long value)
    {
        var kept = request.Query.Where(q => !q.Key.Equals(parameter, StringComparison.OrdinalIgnoreCase))
            .SelectMany(q => q.Value.Select(v => KeyValuePair.Create(q.Key, v)))
            .Append(KeyValuePair.Create(parameter, (string?)value.ToString(CultureInfo.InvariantCulture)));
        return QueryHelpers.AddQueryString(request.PathBase + request.Path, kept);
    }
}
