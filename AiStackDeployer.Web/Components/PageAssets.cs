using Microsoft.AspNetCore.StaticAssets.Infrastructure;
using Microsoft.Extensions.FileProviders;

namespace AiStackDeployer.Web.Components;

/// <summary>The files behind the pages: Blazor's script, MudBlazor's and our own.</summary>
internal static class PageAssets
{
    /// <summary>Without these a page is drawn and stays dead. A publish can leave them out without a word; see the project file.</summary>
    private static readonly string[] Needed =
        ["_framework/blazor.web.js", "_content/MudBlazor/MudBlazor.min.css", "_content/MudBlazor/MudBlazor.min.js", "app.css"];

    /// <summary>Serves them. Before the database is upgraded: a portal that cannot start leaves it to the version before.</summary>
    /// <param name="manifest">The list of them that the build made; null = the program's own.</param>
    /// <exception cref="PageAssetsMissingException">One of them is in no list, or listed and not there.</exception>
    public static void MapPageAssets(this WebApplication app, string? manifest = null)
    {
        app.MapStaticAssets(manifest).AllowAnonymous();
        var listed = StaticAssetsEndpointDataSourceHelper.ResolveStaticAssetDescriptors(app, manifest);
        var missing = Needed.Except(listed.Select(a => a.Route))
            .Concat(listed.Select(a => a.AssetPath).Where(path => !IsThere(app.Environment.WebRootFileProvider.GetFileInfo(path)))).Distinct().OrderBy(file => !Needed.Contains(file)).ToList();
        if (missing.Count > 0)
        {
            throw new PageAssetsMissingException(missing);
        }
    }

    private static bool IsThere(IFileInfo file) => file is { Exists: true, Length: > 0 };
}

/// <summary>The program was built or copied without files that its pages need.</summary>
internal sealed class PageAssetsMissingException(IReadOnlyList<string> files) : Exception(
    $"files of its pages are missing ({string.Join(", ", files.Take(4))}{(files.Count > 4 ? ", …" : "")}). Every page would say \"Loading\" for ever. "
    + "Build the image again, or copy all that was published.");
