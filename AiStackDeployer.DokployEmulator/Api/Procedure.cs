using System.Text.Json;
using System.Text.Json.Serialization;
using AiStackDeployer.DokployEmulator.Swarm;
using AiStackDeployer.DokployEmulator.World;

namespace AiStackDeployer.DokployEmulator.Api;

/// <summary>What a procedure answers. The body is serialized under the world's lock.</summary>
/// <param name="Body">Null = 200 with nothing in it.</param>
internal sealed record Answer(object? Body)
{
    public static readonly Answer Empty = new((object?)null);
    public static readonly Answer True = new(true);

    /// <summary>The call blocks until then.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>The call blocks until the client gives up.</summary>
    public bool Never { get; init; }

    private static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new WireTime() },
    };

    public byte[] Serialize() => Body is null ? [] : JsonSerializer.SerializeToUtf8Bytes(Body, Format);

    /// <summary>ISO-8601 in UTC with milliseconds.</summary>
    private sealed class WireTime : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset();

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(Wire.Time(value));
    }
}

/// <summary>A call that passed key and input checks, with the world at its present state.</summary>
internal sealed record Call(WorldState State, Input In, DateTimeOffset Now, ApiKeyRow Key, EmulatorWorld World)
{
    public TaskTimeline Timeline(SwarmService service) => new(service, Now, World.Timings);

    public ProjectRow Project() => State.Project(In.Text("projectId")) ?? throw ApiError.NotFound("Project");
    public EnvironmentRow Environment() => State.Environment(In.Text("environmentId")) ?? throw ApiError.NotFound("Environment");
    public ApplicationRow Application() => State.Application(In.Text("applicationId")) ?? throw ApiError.NotFound("Application");
    public DomainRow Domain() => State.Domains.Find(d => d.DomainId == In.Text("domainId")) ?? throw ApiError.NotFound("Domain");
}

/// <summary>One procedure of Dokploy's API.</summary>
/// <param name="IsQuery">GET with the input in the query string; else POST with a JSON body.</param>
/// <param name="Latency">Recorded median in milliseconds on an idle server.</param>
/// <param name="Denied">What a member without permission gets; null = it answers members too.</param>
internal sealed record Procedure(string Name, bool IsQuery, Schema Schema, Func<Call, Answer> Handle, int Latency = 50, ApiError? Denied = null);

/// <summary>All procedures, found without regard to case.</summary>
internal sealed class Router
{
    private readonly Dictionary<string, Procedure> _procedures = new(StringComparer.OrdinalIgnoreCase);

    public static Router Create()
    {
        var router = new Router();
        ProjectEndpoints.Map(router);
        EnvironmentEndpoints.Map(router);
        ApplicationEndpoints.Map(router);
        ApplicationLifecycleEndpoints.Map(router);
        DeploymentEndpoints.Map(router);
        DomainEndpoints.Map(router);
        MountEndpoints.Map(router);
        SettingsEndpoints.Map(router);
        UserEndpoints.Map(router);
        DockerEndpoints.Map(router);
        return router;
    }

    public void Query(string name, Schema schema, Func<Call, Answer> handle, int latency = 40, ApiError? denied = null) =>
        _procedures.Add(name, new Procedure(name, IsQuery: true, schema, handle, latency, denied));

    public void Mutation(string name, Schema schema, Func<Call, Answer> handle, int latency = 60, ApiError? denied = null) =>
        _procedures.Add(name, new Procedure(name, IsQuery: false, schema, handle, latency, denied));

    public Procedure? Find(string name) => _procedures.GetValueOrDefault(name);
}
