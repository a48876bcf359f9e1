using System.Text.Json;
using AiStackDeployer.Core.Deployments;

namespace AiStackDeployer.Web.Api;

/// <summary>The words of our enumerations as programs read them: <c>creating_project</c>; the codes of failures have hyphens.</summary>
internal static class WireNames
{
    public static string Of<T>(T value) where T : struct, Enum => Of(typeof(T), value.ToString());

    public static IReadOnlyList<string> All(Type type) => [.. Enum.GetNames(type).Select(name => Of(type, name))];

    public static IReadOnlyList<string> All<T>() where T : struct, Enum => All(typeof(T));

    /// <summary>Null when no value has this name.</summary>
    public static T? Find<T>(string? wire) where T : struct, Enum =>
        Enum.GetValues<T>().Where(value => Of(value) == wire).Select(value => (T?)value).FirstOrDefault();

    private static string Of(Type type, string name) =>
        (type == typeof(FailureCode) ? JsonNamingPolicy.KebabCaseLower : JsonNamingPolicy.SnakeCaseLower).ConvertName(name);
}

/// <summary>A member whose value is one of an enumeration's words.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class WordsOfAttribute(Type type, params string[] more) : Attribute
{
    /// <summary>All of them, with those that stand in no enumeration.</summary>
    public IReadOnlyList<string> Words { get; } = [.. WireNames.All(type), .. more];
}
