using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;

namespace AiStackDeployer.Web.Api;

internal static class Paging
{
    /// <summary>The address of this list from another row on, its other parameters as they are; null when there is no such row.</summary>
    public static string? Next(HttpRequest request, int skip, int shown, int total) =>
        shown > 0 && skip + shown < total ? With(request, ApiParameters.Skip.Name, skip + shown) : null;

    /// <summary>The address of this list from what is older than a row on. What was left out before is not left out again.</summary>
    public static string Before(HttpRequest request, string id) => With(request, ApiParameters.Before.Name, id, ApiParameters.Skip.Name);

    public static string With(HttpRequest request, string parameter, long value) =>
        With(request, parameter, value.ToString(CultureInfo.InvariantCulture));

    private static string With(HttpRequest request, string parameter, string value, params string[] without)
    {
        var kept = request.Query.Where(q => !without.Append(parameter).Contains(q.Key, StringComparer.OrdinalIgnoreCase))
            .SelectMany(q => q.Value.Select(v => KeyValuePair.Create(q.Key, v)))
            .Append(KeyValuePair.Create(parameter, (string?)value));
        return QueryHelpers.AddQueryString(request.PathBase + request.Path, kept);
    }
}
