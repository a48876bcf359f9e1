using System.Globalization;
using AiStackDeployer.Core.Dokploy;
using AiStackDeployer.Core.Logs;
using AiStackDeployer.Core.Stacks;

namespace AiStackDeployer.Core.Provisioning;

/// <summary>The last lines that a stack's containers wrote, masked and in the order of time: for its log page, and as evidence when it fails.</summary>
internal sealed class ContainerLog(DokployClient dokploy, ProvisioningOptions options, ISecretProtector secrets, TimeProvider time) : IContainerLog
{
    private const int Count = 40;

    /// <summary>A failure is told without them rather than much later.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <summary>Empty when they cannot be had.</summary>
    public async Task<IReadOnlyList<string>> ReadAsync(Stack stack, CancellationToken cancellationToken) =>
        stack.ApplicationId is { } application && await AskAsync(application, Count, cancellationToken) is { Text: var log } ? Mask(stack, InOrder(log)) : [];

    public async Task<IReadOnlyList<ContainerLine>?> ReadLinesAsync(Stack stack, int most, CancellationToken cancellationToken)
    {
        if (stack.ApplicationId is not { } application)
        {
            return [];
        }
        if (await AskAsync(application, most, cancellationToken) is not { Text: var log })
        {
            return null;
        }
        var mask = MaskOf(stack);
        return
        [
            .. Timed(log ?? "").Select(line => new ContainerLine(line.At, mask(TimeOf(line.Text) is null ? line.Text : line.Text[line.Text.Split(' ', 2)[0].Length..])))
                .Where(line => line.Text.Length > 0),
        ];
    }

    public IReadOnlyList<string> Mask(Stack stack, string? text) => SecretMask.Lines(text, Count, SecretsOf(stack));

    public Func<string, string> MaskOf(Stack stack)
    {
        var hidden = SecretsOf(stack);
        return line => SecretMask.Mask(line, hidden);
    }

    /// <summary>Docker tells one container after the other. A line without a time of its own stays below the one before it.</summary>
    internal static string? InOrder(string? log) => log is null ? null : string.Join('\n', Timed(log).Select(line => line.Text));

    private static List<(DateTimeOffset At, string Text)> Timed(string log)
    {
        var at = DateTimeOffset.MinValue;
        return [.. log.Split('\n').Select(line => (At: at = TimeOf(line) ?? at, line)).ToList().OrderBy(line => line.At)];
    }

    private IReadOnlyList<string> SecretsOf(Stack stack) => options.SecretTextsOf(stack.ProtectedPassword, stack.ProtectedEnvironment, secrets);

    /// <summary>Null when Dokploy does not answer; without a text when there is none.</summary>
    private async Task<Answer?> AskAsync(string applicationId, int lines, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return new Answer(await dokploy.ReadApplicationLogAsync(applicationId, lines, either.Token));
        }
        catch (Exception e) when (e is DokployException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }

    private static DateTimeOffset? TimeOf(string line) =>
        DateTimeOffset.TryParse(line.Split(' ', 2)[0], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null;

    private sealed record Answer(string? Text);
}
