using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiStackDeployer.Core.Dokploy;

/// <summary>A project as the search lists it. Names are not unique in Dokploy.</summary>
internal sealed record DokployProjectSummary
{
    public required string ProjectId { get; init; }

    public required string Name { get; init; }

    public string? Description { get; init; }

    [JsonConverter(typeof(TolerantTimeConverter))]
    public DateTimeOffset? CreatedAt { get; init; }
}

/// <summary>A project with all it holds (<c>project.one</c>, <c>project.all</c>).</summary>
internal sealed record DokployProject
{
    public required string ProjectId { get; init; }

    public required string Name { get; init; }

    public string? Description { get; init; }

    [JsonConverter(typeof(TolerantTimeConverter))]
    public DateTimeOffset? CreatedAt { get; init; }

    [AllowNull]
    public IReadOnlyList<DokployEnvironment> Environments { get => field ?? []; init; }

    /// <summary>The applications of all environments.</summary>
    [JsonIgnore]
    public IEnumerable<DokployApplicationSummary> Applications => Environments.SelectMany(environment => environment.Applications);

    /// <summary>The environment new applications belong in, or null when the key sees none.</summary>
    [JsonIgnore]
    public DokployEnvironment? DefaultEnvironment =>
        Environments.FirstOrDefault(environment => environment.IsDefault) ?? (Environments.Count == 0 ? null : Environments[0]);

    /// <summary>
    /// All that <c>project.remove</c> would take along, or leave running without a row: services of every kind, and environments
    /// beside the default one.
    /// </summary>
    [JsonIgnore]
    public IReadOnlyList<DokployContent> Contents =>
    [
        .. Applications.Select(application => new DokployContent("application", application.Name)),
        .. Environments.SelectMany(environment => environment.OtherServices),
        .. Environments.Where(environment => !ReferenceEquals(environment, DefaultEnvironment))
            .Select(environment => new DokployContent("environment", environment.Name)),
    ];

    /// <summary>Known to hold nothing. A key that sees no environment at all cannot know.</summary>
    [JsonIgnore]
    public bool IsEmpty => Environments.Count > 0 && Contents.Count == 0;
}

/// <summary>Something that stands in a project.</summary>
internal sealed record DokployContent(string Kind, string Name)
{
    public override string ToString() => $"{Name} ({Kind})";
}

internal sealed record DokployEnvironment
{
    public required string EnvironmentId { get; init; }

    public required string Name { get; init; }

    /// <summary>Absent, hence false, in the first versions with environments.</summary>
    public bool IsDefault { get; init; }

    [AllowNull]
    public IReadOnlyList<DokployApplicationSummary> Applications { get => field ?? []; init; }

    /// <summary>What Dokploy lists beside applications: <c>compose, libsql, mariadb, mongo, mysql, postgres, redis</c> in v0.30.2.</summary>
    // Settable: the source generator cannot set extension data at construction.
    [JsonExtensionData]
    [JsonInclude]
    internal Dictionary<string, JsonElement>? Rest { get; set; }

    /// <summary>
    /// Everything in those lists, including lists that a later version adds: an unknown service must not be removed either.
    /// </summary>
    [JsonIgnore]
    public IEnumerable<DokployContent> OtherServices =>
        from list in Rest ?? []
        where list.Value.ValueKind == JsonValueKind.Array
        from service in list.Value.EnumerateArray()
        select new DokployContent(list.Key, NameOf(service));

    private static string NameOf(JsonElement service) =>
        service.ValueKind == JsonValueKind.Object && service.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String
            ? name.GetString()!
            : "?";
}

/// <summary>An application as its project lists it; <c>project.all</c> leaves <see cref="AppName"/> and <see cref="Description"/> out.</summary>
internal sealed record DokployApplicationSummary
{
    public required string ApplicationId { get; init; }

    public required string Name { get; init; }

    public string? AppName { get; init; }

    public string? Description { get; init; }

    [JsonConverter(typeof(TolerantEnumConverter<DokployApplicationStatus>))]
    public DokployApplicationStatus ApplicationStatus { get; init; }
}

/// <summary>What <c>project.create</c> made.</summary>
internal sealed record DokployCreatedProject
{
    public required DokployProjectSummary Project { get; init; }

    /// <summary>The default environment, made along with the project.</summary>
    public required DokployEnvironment Environment { get; init; }
}

internal sealed record DokployProjectPage
{
    public required IReadOnlyList<DokployProjectSummary> Items { get; init; }

    public required int Total { get; init; }
}

/// <summary>All that is read of a project where only the names matter.</summary>
internal sealed record ProjectNameWire
{
    public required string Name { get; init; }
}
