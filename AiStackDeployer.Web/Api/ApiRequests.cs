using System.Globalization;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Web.Presentation;
using Microsoft.AspNetCore.WebUtilities;

namespace AiStackDeployer.Web.Api;

/// <summary>The caller's own name for a call that begins something: the same call again begins nothing new.</summary>
internal readonly record struct IdempotencyKey(string Value)
{
    public const string Header = "Idempotency-Key";

    public const string Description =
        "Your own name for this call, at most 200 visible characters. The same call with the same key is the same deployment, however often it is sent.";

    // An empty header is a script's mistake.
    public static bool TryParse(string? text, out IdempotencyKey key)
    {
        key = new IdempotencyKey(text ?? "");
        return key.Value is { Length: > 0 and <= 200 } && key.Value.All(c => c is >= ' ' and <= '~');
    }
}

/// <summary>A value of an enumeration by its name on the wire, as a parameter.</summary>
internal readonly record struct Choice<T>(T Value) where T : struct, Enum
{
    public static bool TryParse(string? text, out Choice<T> choice)
    {
        var found = WireNames.Find<T>(text);
        choice = new Choice<T>(found.GetValueOrDefault());
        return found is not null;
    }
}

/// <summary>The name of an operation, as a parameter.</summary>
internal readonly record struct OperationName(Operation Operation)
{
    public static bool TryParse(string? text, out OperationName name)
    {
        name = OperationCatalog.Find(text ?? "") is { } operation ? new OperationName(operation) : default;
        return name != default;
    }
}

/// <summary>The name of an operation on a stack that exists, as a parameter. Deleting for good, and what needs a body, have calls of their own.</summary>
internal readonly record struct StackOperationName(Operation Operation)
{
    public static IEnumerable<Operation> All => OperationCatalog.OnLivingStacks.Where(operation => !operation.NeedsEnvironment);

    public static bool TryParse(string? text, out StackOperationName name)
    {
        name = All.FirstOrDefault(operation => operation.Name == text) is { } found ? new StackOperationName(found) : default;
        return name != default;
    }
}

internal static class Choices
{
    /// <summary>The words that a parameter of this type takes; null when it is no choice.</summary>
    public static IReadOnlyList<string>? Of(Type type)
    {
        var one = type.GetElementType() ?? Nullable.GetUnderlyingType(type) ?? type;
        if (one == typeof(OperationName))
        {
            return [.. OperationCatalog.All.Select(operation => operation.Name)];
        }
        if (one == typeof(StackOperationName))
        {
            return [.. StackOperationName.All.Select(operation => operation.Name)];
        }
        return one.IsGenericType && one.GetGenericTypeDefinition() == typeof(Choice<>) ? WireNames.All(one.GenericTypeArguments[0]) : null;
    }
}

internal static class ApiRequests
{
    /// <summary>JSON by name, and no stream beside it.</summary>
    public static bool WantsJson(this HttpRequest request) => request.Accepts("application/json") && !request.WantsEvents();

    public static bool WantsEvents(this HttpRequest request) => request.Accepts("text/event-stream");

    /// <summary>The address of this list with one parameter changed, and perhaps one left out.</summary>
    public static string AddressWith(this HttpRequest request, string parameter, object value, string? without = null)
    {
        var kept = request.Query.Where(q => !q.Key.Equals(parameter, StringComparison.OrdinalIgnoreCase) && !q.Key.Equals(without, StringComparison.OrdinalIgnoreCase))
            .SelectMany(q => q.Value.Select(v => KeyValuePair.Create(q.Key, v)))
            .Append(KeyValuePair.Create(parameter, Convert.ToString(value, CultureInfo.InvariantCulture)));
        return QueryHelpers.AddQueryString(request.PathBase + request.Path, kept);
    }

    public static bool Accepts(this HttpRequest request, string type) =>
        request.GetTypedHeaders().Accept is { } accept
        && accept.Any(a => a.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase) && a.Quality is null or > 0);
}
