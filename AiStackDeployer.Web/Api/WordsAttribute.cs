using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Web.Presentation;

namespace AiStackDeployer.Web.Api;

/// <summary>A member that has one of a few words.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal class WordsAttribute(params string[] words) : Attribute
{
    public IReadOnlyList<string> Words { get; } = words;
}

/// <summary>A member that has the name of an operation.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class OperationNamesAttribute() : WordsAttribute([.. OperationCatalog.All.Select(operation => operation.Name)]);

/// <summary>A member that has one of an enumeration's words, or one of a few more.</summary>
internal sealed class WordsOfAttribute(Type type, params string[] more) : WordsAttribute([.. WireNames.All(type), .. more]);
