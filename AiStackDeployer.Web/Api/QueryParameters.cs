using System.Globalization;
using AiStackDeployer.Web.Presentation;
using Microsoft.Extensions.Primitives;

namespace AiStackDeployer.Web.Api;

/// <summary>
/// One parameter of an address: how it is read and how it is described, in one place, so that the document cannot say anything
/// else than the code does.
/// </summary>
internal abstract record QueryParameter(string Name, string Description)
{
    /// <summary>What the document shows as a value.</summary>
    public abstract string Example { get; }

    public virtual bool IsRepeatable => false;
}

/// <param name="Default">What its absence means; null = something that no value means. It is then read as the least one.</param>
internal sealed record NumberParameter(string Name, string Description, long Min, long Max, long? Default) : QueryParameter(Name, Description)
{
    /// <summary>What stands for its absence.</summary>
    public long Absent => Default ?? Min;

    public override string Example => Absent.ToString(CultureInfo.InvariantCulture);
}

/// <param name="Default">What its absence means; null = something that neither value means.</param>
internal sealed record FlagParameter(string Name, string Description, bool? Default = false) : QueryParameter(Name, Description)
{
    public override string Example => "true";
}

internal sealed record TextParameter(string Name, string Description, string Sample, int MaxLength = TextParameter.Longest)
    : QueryParameter(Name, Description)
{
    public const int Longest = 200;

    public override string Example => Sample;
}

/// <summary>One of a few words, or several when it may be repeated.</summary>
internal sealed record ChoiceParameter(string Name, string Description, IReadOnlyList<string> Values, string? Default = null, bool Repeats = false)
    : QueryParameter(Name, Description)
{
    public override string Example => Default ?? Values[^1];

    public override bool IsRepeatable => Repeats;
}

/// <summary>A value that a parameter cannot have.</summary>
/// <param name="Rule">The key of the sentence that says what it may be.</param>
internal sealed record ParameterFault(string Parameter, string Rule, params object[] Arguments);

/// <summary>Reads the parameters of one address; the first that is wrong is remembered. Parameters nobody asks for are ignored.</summary>
internal sealed class QueryReader(IQueryCollection query)
{
    public ParameterFault? Fault { get; private set; }

    public long Read(NumberParameter parameter)
    {
        if (One(parameter) is not { } text)
        {
            return parameter.Absent;
        }
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= parameter.Min && number <= parameter.Max)
        {
            return number;
        }
        Refuse(parameter, "parameter-number", parameter.Min, parameter.Max);
        return parameter.Absent;
    }

    /// <summary>Null when it is not given.</summary>
    public bool? Read(FlagParameter parameter)
    {
        if (One(parameter) is not { } text)
        {
            return null;
        }
        if (bool.TryParse(text, out var flag))
        {
            return flag;
        }
        Refuse(parameter, "parameter-flag");
        return null;
    }

    /// <summary>Null when it is not given.</summary>
    public string? Read(TextParameter parameter)
    {
        var text = One(parameter);
        if (text?.Length > parameter.MaxLength)
        {
            Refuse(parameter, "parameter-length", parameter.MaxLength);
        }
        return text;
    }

    /// <summary>The values given, or the parameter's default; empty when there is neither.</summary>
    public IReadOnlyList<T> Read<T>(ChoiceParameter parameter) where T : struct, Enum
    {
        StringValues given = query[parameter.Name];
        if (given.Count == 0)
        {
            return parameter.Default is { } usual ? [WireNames.Find<T>(usual)!.Value] : [];
        }
        if (given.Count > 1 && !parameter.IsRepeatable)
        {
            Refuse(parameter, "parameter-once");
            return [];
        }
        var values = given.Select(text => parameter.Values.Contains(text) ? WireNames.Find<T>(text) : null).ToList();
        if (values.Contains(null))
        {
            Refuse(parameter, "parameter-choice", string.Join(", ", parameter.Values));
            return [];
        }
        return [.. values.Select(value => value!.Value)];
    }

    /// <summary>Null when it is not given.</summary>
    public string? ReadWord(ChoiceParameter parameter)
    {
        var word = One(parameter);
        if (word is not null && !parameter.Values.Contains(word))
        {
            Refuse(parameter, "parameter-choice", string.Join(", ", parameter.Values));
        }
        return word;
    }

    private string? One(QueryParameter parameter)
    {
        StringValues given = query[parameter.Name];
        if (given.Count > 1)
        {
            Refuse(parameter, "parameter-once");
        }
        return given.Count == 0 ? null : given[0] ?? "";
    }

    private void Refuse(QueryParameter parameter, string rule, params object[] arguments) =>
        Fault ??= new ParameterFault(parameter.Name, rule, arguments);
}
