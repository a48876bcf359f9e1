using System.Text.Json;
using AiStackDeployer.Core.Connections;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Naming;

namespace AiStackDeployer.Web.Presentation;

/// <summary>The words of our enumerations as programs read them: <c>creating_project</c>; codes have hyphens.</summary>
internal static class WireNames
{
    private static readonly Type[] Codes = [typeof(FailureCode), typeof(ConnectionTarget), typeof(ConnectionVerdict), typeof(ConnectionCause)];

    public static string Of<TWord>(TWord value) where TWord : struct, Enum => Of(typeof(TWord), value.ToString());

    public static IReadOnlyList<string> All(Type type) => [.. Enum.GetNames(type).Select(name => Of(type, name))];

    public static IReadOnlyList<string> All<TWord>() where TWord : struct, Enum => All(typeof(TWord));

    /// <summary>Null when no value has this name.</summary>
    public static TWord? Find<TWord>(string? wire) where TWord : struct, Enum =>
        Enum.GetValues<TWord>().Where(value => Of(value) == wire).Select(value => (TWord?)value).FirstOrDefault();

    public static string Of(Type type, string name) => type switch
    {
        _ when Codes.Contains(type) => JsonNamingPolicy.KebabCaseLower.ConvertName(name),
        _ when type == typeof(NameFault) => Enum.Parse<NameFault>(name).ToCode(),
        _ => JsonNamingPolicy.SnakeCaseLower.ConvertName(name),
    };
}
