using System.Globalization;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Web.Settings;

/// <summary>How much people may have and do.</summary>
public sealed partial record PortalSettings
{
    private const string None = "none";

    public required StackQuota Quota { get; init; }

    /// <summary>Multiplies what one caller may do; null = nothing is limited.</summary>
    public required double? LimitFactor { get; init; }

    // An empty value is no "none" here: compose passes on every line of .env, empty ones too.
    private static StackQuota ReadQuota(SettingsReader reader) => new(
        reader.IsWord("STACKS_PER_PERSON", None) ? null : reader.Int("STACKS_PER_PERSON", 3, 0, 10_000), ReadStackLimits(reader));

    private static double? ReadLimitFactor(SettingsReader reader) =>
        reader.IsWord("LIMIT_FACTOR", None) ? null : reader.Number("LIMIT_FACTOR", 1, 0.1, 1000);

    private static Dictionary<string, int?> ReadStackLimits(SettingsReader reader)
    {
        var limits = new Dictionary<string, int?>(StringComparer.OrdinalIgnoreCase);
        foreach (var entry in reader.List("STACK_LIMITS"))
        {
            // A group's name may have the sign itself.
            var sign = entry.LastIndexOf('=');
            var (name, value) = (entry[..Math.Max(sign, 0)].Trim(), entry[(sign + 1)..].Trim());
            var isNone = value.Equals(None, StringComparison.OrdinalIgnoreCase);
            var isNumber = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
            if (name.Length == 0 || !(isNone || isNumber))
            {
                reader.Fault("STACK_LIMITS", "must be roles or groups with a number each, such as operator=10,developers=5 (none = any number).");
                break;
            }
            limits[name] = isNone ? null : number;
        }
        return limits;
    }
}
