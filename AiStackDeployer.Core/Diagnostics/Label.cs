using System.Collections.Frozen;
using System.Text.Json;

namespace AiStackDeployer.Core.Diagnostics;

/// <summary>
/// A label's value, made of an enum's name: <c>ImageNotFound</c> is <c>image-not-found</c>. There are as many values as the enum
/// has members, so no label made here can grow with the number of stacks or people.
/// </summary>
internal static class Label
{
    /// <summary>Where a label has nothing to say; a series keeps the same labels all its life.</summary>
    public const string None = "none";

    public static string Of<TEnum>(TEnum value) where TEnum : struct, Enum => Values<TEnum>.ByMember[value];

    private static class Values<TEnum> where TEnum : struct, Enum
    {
        public static readonly FrozenDictionary<TEnum, string> ByMember =
            Enum.GetValues<TEnum>().ToFrozenDictionary(v => v, v => JsonNamingPolicy.KebabCaseLower.ConvertName(v.ToString()));
    }
}
