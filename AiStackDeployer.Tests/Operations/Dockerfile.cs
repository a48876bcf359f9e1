using System.Runtime.CompilerServices;

namespace AiStackDeployer.Tests.Operations;

/// <summary>The files at the root that a container is built and run from, as a builder reads them.</summary>
internal static class Dockerfile
{
    /// <summary>The repository's root.</summary>
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "..", ".."));

    /// <summary>Instruction and argument, comments gone, continued lines joined.</summary>
    public static IReadOnlyList<(string Instruction, string Argument)> Read(string file = "Dockerfile")
    {
        var instructions = new List<(string, string)>();
        var open = "";
        foreach (var line in File.ReadLines(Path.Combine(Root, file)).Select(l => l.Trim()).Where(l => l.Length > 0 && l[0] != '#'))
        {
            open += line.TrimEnd('\\');
            if (!line.EndsWith('\\'))
            {
                var space = open.IndexOf(' ', StringComparison.Ordinal);
                instructions.Add((open[..space], open[(space + 1)..].Trim()));
                open = "";
            }
        }
        return instructions;
    }

    /// <summary>Copies to a folder what the builder is sent: <c>.dockerignore</c> leaves out all but a few names.</summary>
    public static void CopyContext(string folder)
    {
        var ignore = File.ReadAllLines(Path.Combine(Root, ".dockerignore"));
        foreach (var kept in ignore.Where(l => l.StartsWith('!')).Select(l => l[1..]))
        {
            var from = Path.Combine(Root, kept);
            foreach (var file in Directory.Exists(from) ? Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories) : [from])
            {
                var relative = Path.GetRelativePath(Root, file);
                if (!relative.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or "data" or ".env"))
                {
                    var to = Path.Combine(folder, relative);
                    Directory.CreateDirectory(Path.GetDirectoryName(to)!);
                    File.Copy(file, to);
                }
            }
        }
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
