using System.Globalization;
using System.Runtime.CompilerServices;
using AiStackDeployer.Core.Diagnoses;
using AiStackDeployer.Web.Components;
using AiStackDeployer.Web.Resources;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;

namespace AiStackDeployer.Tests.Diagnoses;

/// <summary>The table of docs/troubleshooting.md is the signatures'.</summary>
public sealed class TroubleshootingTests
{
    private const string Head = "|---|---|---|---|---|\n";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static string File => Path.GetFullPath(Path.Combine(Here(), "..", "..", "docs", "troubleshooting.md"));

    [Fact]
    public async Task The_table_has_every_known_cause_in_the_words_of_the_pages() => Assert.Equal(Table(), (await ReadAsync()).Rows);

    /// <summary>Writes the table of today. Look at the difference before it is kept.</summary>
    [Fact(Explicit = true)]
    public async Task Rewrite_the_table() => await System.IO.File.WriteAllTextAsync(File, (await ReadAsync()).Before + Table(), Token);

    private static async Task<(string Before, string Rows)> ReadAsync()
    {
        var text = await System.IO.File.ReadAllTextAsync(File, Token);
        var at = text.IndexOf(Head, StringComparison.Ordinal) + Head.Length;
        return (text[..at], text[at..]);
    }

    private static string Table()
    {
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("en");
        var words = new ServiceCollection().AddLogging().AddPortalTexts().BuildServiceProvider().GetRequiredService<IStringLocalizer<SignTexts>>();
        return string.Concat(Signatures.All.Select(s =>
            $"| `{s.Code}` | {words[s.Code].Value.Replace("{0}", "…", StringComparison.Ordinal)} | {words[s.Code + "-cure"].Value} | {s.By.ToString().ToLowerInvariant()} "
            + $"| {(s.Command is { } command ? $"`{command.Replace("|", "\\|", StringComparison.Ordinal)}`" : "")} |\n"));
    }

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
