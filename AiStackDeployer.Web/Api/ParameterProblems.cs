using System.ComponentModel.DataAnnotations;
using System.Reflection;
using AiStackDeployer.Web.Presentation;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Metadata;

namespace AiStackDeployer.Web.Api;

/// <summary>Names the parameter that the framework could not bind, or found invalid, and says in the caller's language what it may be.</summary>
internal static class ParameterProblems
{
    public static Problem? Find(ProblemDetailsContext context, ProblemText text)
    {
        var failure = context.HttpContext.Features.Get<IExceptionHandlerFeature>();
        var endpoint = failure?.Endpoint ?? context.HttpContext.GetEndpoint();
        var parameters = endpoint?.Metadata.GetOrderedMetadata<IParameterBindingMetadata>() ?? [];
        var parameter = (failure?.Error, context.ProblemDetails) switch
        {
            // The framework has the name in its message only.
            (BadHttpRequestException bad, _) => parameters.FirstOrDefault(p => bad.Message.Contains($" {p.ParameterInfo.Name}\" from \"", StringComparison.Ordinal)),
            (_, HttpValidationProblemDetails invalid) => parameters.FirstOrDefault(p => invalid.Errors.ContainsKey(p.ParameterInfo.Name!)),
            _ => null,
        };
        return parameter switch
        {
            null => null,
            _ when parameter.ParameterInfo.ParameterType == typeof(IdempotencyKey?) => (Problem)Problems.Of(ProblemKinds.IdempotencyKeyInvalid).ProblemDetails,
            _ => (Problem)Problems.Of(ProblemKinds.ParameterInvalid, Rule(parameter.ParameterInfo, text), parameter: parameter.Name).ProblemDetails,
        };
    }

    private static string Rule(ParameterInfo parameter, ProblemText text)
    {
        var name = parameter.Name!;
        return parameter switch
        {
            _ when parameter.GetCustomAttribute<RangeAttribute>() is { } range => text.Sentence("parameter-number", name, range.Minimum, range.Maximum),
            _ when parameter.GetCustomAttribute<MaxLengthAttribute>() is { } longest => text.Sentence("parameter-length", name, longest.Length),
            _ when Choices.Of(parameter.ParameterType) is { } words => text.Sentence("parameter-choice", name, string.Join(", ", words)),
            { ParameterType: var type } when type == typeof(DateTimeOffset?) => text.Sentence("parameter-moment", name),
            _ => text.Sentence("parameter-flag", name),
        };
    }
}
