namespace AiStackDeployer.Web.Api.Docs;

/// <summary>What the OpenAPI document says about one operation beyond its shapes. Examples are made of the answers' own types.</summary>
/// <param name="Id">The operation's id: what generated clients call it.</param>
internal sealed record ApiDoc(string Id, string Tag, string Summary, string Description)
{
    public IReadOnlyList<PlaceParameter> Path { get; init; } = [];

    public IReadOnlyList<QueryParameter> Query { get; init; } = [];

    public IReadOnlyList<PlaceParameter> Headers { get; init; } = [];

    /// <summary>Whether an answer has sentences, which follow Accept-Language.</summary>
    public bool Speaks { get; init; } = true;

    public object? Request { get; init; }

    public required IReadOnlyList<ApiAnswer> Answers { get; init; }

    public IReadOnlyList<ApiProblem> Problems { get; init; } = [];
}

/// <summary>A part of the path or a header.</summary>
internal sealed record PlaceParameter(string Name, string Description, string Example);

/// <param name="Shape">Where the handler's own type does not tell it.</param>
internal sealed record ApiAnswer(int Status, string Description, Type? Shape = null)
{
    public IReadOnlyList<ApiExample> Examples { get; init; } = [];

    /// <summary>Header and what stands in it.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();
}

/// <param name="Value">An answer, or the text itself where the media type is not JSON.</param>
internal sealed record ApiExample(string Name, string Summary, object Value, string MediaType = ApiExample.Json)
{
    public const string Json = "application/json";
}

/// <param name="When">What brings it about.</param>
internal sealed record ApiProblem(ProblemKind Kind, string When)
{
    /// <summary>Members beside the usual ones, as in an answer.</summary>
    public IReadOnlyDictionary<string, object?> More { get; init; } = new Dictionary<string, object?>();

    /// <summary>The sentence, where it is not the kind's own.</summary>
    public Func<IServiceProvider, string>? Detail { get; init; }
}

internal static class ApiDocExtensions
{
    public static RouteHandlerBuilder With(this RouteHandlerBuilder route, ApiDoc doc)
    {
        route.WithMetadata(doc);
        foreach (var answer in doc.Answers.Where(a => a.Shape is not null))
        {
            route.Produces(answer.Status, answer.Shape);
        }
        return route;
    }
}
