using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Web.Settings;

namespace AiStackDeployer.Web.Components.Stacks;

/// <summary>A change of a stack's own variables while a person makes it up. It knows the names that there are, and the values that are new.</summary>
internal sealed class EnvironmentDraft(IEnumerable<string> known)
{
    private readonly SortedDictionary<string, DraftVariable> _variables =
        new(known.ToDictionary(name => name, name => new DraftVariable(name, IsKnown: true)), StringComparer.Ordinal);

    /// <summary>By name, those to be removed among them.</summary>
    public IReadOnlyCollection<DraftVariable> Variables => _variables.Values;

    public bool HasChanges => _variables.Values.Any(variable => variable.Value is not null || variable.IsRemoved);

    public EnvironmentChange Change => new(
        _variables.Values.Where(variable => variable.Value is not null).ToDictionary(variable => variable.Name, variable => variable.Value!),
        [.. _variables.Values.Where(variable => variable.IsRemoved).Select(variable => variable.Name)]);

    /// <summary>A new variable, or a new value of one there is.</summary>
    /// <returns>Why the stack cannot have it; nothing has changed then.</returns>
    public EnvironmentRefusal? Set(string name, string value) => SetAll(new Dictionary<string, string> { [name] = value });

    /// <summary>All of them or none.</summary>
    public EnvironmentRefusal? SetAll(IReadOnlyDictionary<string, string> values)
    {
        if (OwnEnvironment.RefusalOf(values) is { } refusal)
        {
            return refusal;
        }
        if (_variables.Values.Count(variable => !variable.IsRemoved && !values.ContainsKey(variable.Name)) + values.Count > OwnEnvironment.Most)
        {
            return new EnvironmentRefusal(EnvironmentFault.TooMany, null);
        }
        foreach (var (name, value) in values)
        {
            _variables[name] = new DraftVariable(name, _variables.GetValueOrDefault(name)?.IsKnown == true, value);
        }
        return null;
    }

    public void Remove(string name)
    {
        if (_variables[name].IsKnown)
        {
            _variables[name] = new DraftVariable(name, IsKnown: true, IsRemoved: true);
        }
        else
        {
            _variables.Remove(name);
        }
    }

    /// <summary>Leaves a variable as the stack has it.</summary>
    public void Keep(string name) => _variables[name] = new DraftVariable(name, IsKnown: true);

    /// <summary>What a dotenv file sets, or its first line that is none.</summary>
    public static (IReadOnlyDictionary<string, string> Values, int? BadLine) Parse(string text)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (index, line) in text.ReplaceLineEndings("\n").Split('\n').Index())
        {
            if (DotEnvFile.IsBlank(line))
            {
                continue;
            }
            if (DotEnvFile.ReadLine(line) is not var (name, value))
            {
                return (values, index + 1);
            }
            values[name] = value;
        }
        return (values, null);
    }
}

/// <param name="IsKnown">The stack has it.</param>
/// <param name="Value">The new value; null = as it is.</param>
internal sealed record DraftVariable(string Name, bool IsKnown, string? Value = null, bool IsRemoved = false)
{
    /// <summary>Without the value: a record's own text would print it.</summary>
    public override string ToString() => Name;
}
