using System.Globalization;
using AiStackDeployer.Core.Dokploy;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Provisioning;

/// <summary>The last lines that a stack's containers wrote, masked and in the order of time: what is evidence when it fails.</summary>
internal sealed class ContainerLog(DokployClient dokploy, ProvisioningOptions options, ISecretProtector secrets, TimeProvider time)
{
    private const int Count = 40;

    /// <summary>A failure is told without them rather than much later.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <summary>Empty when they cannot be had.</summary>
    public async Task<IReadOnlyList<string>> ReadAsync(Stack stack, CancellationToken cancellationToken)
    {
        if (stack.ApplicationId is null)
        {
            return [];
        }
        using var timeout = new CancellationTokenSource(Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            var log = await dokploy.ReadApplicationLogAsync(stack.ApplicationId, Count, either.Token);
            return Mask(stack, InOrder(log));
        }
        catch (Exception e) when (e is DokployException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return [];
        }
    }

    public IReadOnlyList<string> Mask(Stack stack, string? text) =>
        SecretMask.Lines(text, Count, options.SecretTextsOf(secrets.Unprotect(stack.ProtectedPassword)));

    /// <summary>Docker tells one container after the other. A line without a time of its own stays below the one before it.</summary>
    internal static string? InOrder(string? log)
    {
        if (log is null)
        {
            return null;
        }
        var at = DateTimeOffset.MinValue;
        return string.Join('\n', log.Split('\n')
            .Select(line => (At: at = TimeOf(line) ?? at, Line: line))
            .ToList().OrderBy(line => line.At).Select(line => line.Line));
    }

    private static DateTimeOffset? TimeOf(string line) =>
        DateTimeOffset.TryParse(line.Split(' ', 2)[0], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null;
}
