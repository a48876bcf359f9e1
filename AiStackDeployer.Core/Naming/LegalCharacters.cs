using System.Buffers;

namespace AiStackDeployer.Core.Naming;

internal static class LegalCharacters
{
    public static SearchValues<char> All { get; } = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");
}
