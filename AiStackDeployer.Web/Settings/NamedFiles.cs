namespace AiStackDeployer.Web.Settings;

/// <summary><c>DOKPLOY_API_TOKEN_FILE=/run/…</c>: the value of a setting is in the file that another variable names.</summary>
internal static class NamedFiles
{
    public const string Suffix = "_FILE";

    /// <summary>A value that is set itself wins over a file.</summary>
    /// <exception cref="SettingsException">A file cannot be read.</exception>
    public static void AddNamedFiles(this ConfigurationManager configuration)
    {
        var values = new Dictionary<string, string?>();
        var faults = new List<string>();
        foreach (var name in PortalSettings.Names.Where(name => string.IsNullOrWhiteSpace(configuration[name])))
        {
            if (configuration[name + Suffix] is { Length: > 0 } file)
            {
                try
                {
                    values[name] = File.ReadAllText(file).TrimEnd('\r', '\n');
                }
                catch (Exception e) when (e is UnauthorizedAccessException or IOException)
                {
                    faults.Add($"{name}{Suffix} names a file that the portal's user cannot read.");
                }
            }
        }
        configuration.AddInMemoryCollection(values);
        if (faults.Count > 0)
        {
            throw new SettingsException(faults);
        }
    }
}
