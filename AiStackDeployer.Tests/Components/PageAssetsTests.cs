using System.Text.Json.Nodes;
using AiStackDeployer.Tests.TestKit;
using AiStackDeployer.Web.Components;
using AiStackDeployer.Web.Composition;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace AiStackDeployer.Tests.Components;

/// <summary>A program whose pages would be dead does not start. It is the program's own list, made by its build, that is maimed here.</summary>
public sealed class PageAssetsTests : IDisposable
{
    private static readonly string List = Path.ChangeExtension(ProgramProcess.DllOf("AiStackDeployer.Web"), ".staticwebassets.endpoints.json");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("portal-assets-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("Development")]
    [InlineData("Production")]
    public async Task Built_and_not_published_they_are_all_there(string environment)
    {
        await using var app = Build(environment);

        app.MapPageAssets(List);
    }

    [Theory]
    [InlineData("_framework/blazor.web.js")]
    [InlineData("_content/MudBlazor/MudBlazor.min.js")]
    [InlineData("_content/MudBlazor/MudBlazor.min.css")]
    public async Task What_a_publish_left_out_without_a_word_is_missed(string file)
    {
        await using var app = Build("Production");
        var list = JsonNode.Parse(await File.ReadAllTextAsync(List, TestContext.Current.CancellationToken))!;
        list["Endpoints"]!.AsArray().RemoveAll(e => e!["Route"]!.GetValue<string>() == file);

        var error = Assert.Throws<PageAssetsMissingException>(() => app.MapPageAssets(Written(list)));

        Assert.Contains($"({file})", error.Message, StringComparison.Ordinal);
        Assert.Equal(StartFailure.Incomplete, StartFailure.Of(error)!.ExitCode);
    }

    [Fact]
    public async Task A_listed_file_that_is_gone_is_missed()
    {
        await using var app = Build("Production");
        var list = JsonNode.Parse(await File.ReadAllTextAsync(List, TestContext.Current.CancellationToken))!;
        var favicon = list["Endpoints"]!.AsArray().First(e => e!["Route"]!.GetValue<string>() == "favicon.svg")!;
        favicon["AssetFile"] = "gone.svg";

        var error = Assert.Throws<PageAssetsMissingException>(() => app.MapPageAssets(Written(list)));

        Assert.Contains("(gone.svg)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_build_that_was_carried_elsewhere_says_where_it_looked_and_blames_no_data()
    {
        var file = Path.Combine(_folder.FullName, "runtime.json");
        File.WriteAllText(file, """{"ContentRoots":["/gone/"],"Root":{"Children":null,"Asset":null,"Patterns":null}}""");
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseSetting(WebHostDefaults.StaticWebAssetsKey, file);

        var failure = StartFailure.Of(Assert.Throws<DirectoryNotFoundException>(() => builder.WebHost.UseStaticWebAssets()));

        Assert.Equal(StartFailure.Incomplete, failure!.ExitCode);
        Assert.Contains("/gone/", failure.Sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("DATA_DIR", failure.Sentence, StringComparison.Ordinal);
    }

    private static WebApplication Build(string environment)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ApplicationName = "AiStackDeployer.Web", EnvironmentName = environment, ContentRootPath = AppContext.BaseDirectory,
        });
        builder.WebHost.UseStaticWebAssets();
        return builder.Build();
    }

    private string Written(JsonNode list)
    {
        var file = Path.Combine(_folder.FullName, "endpoints.json");
        File.WriteAllText(file, list.ToJsonString());
        return file;
    }
}
