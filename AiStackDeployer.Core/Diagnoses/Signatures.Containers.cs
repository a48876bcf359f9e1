using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;

namespace AiStackDeployer.Core.Diagnoses;

/// <content>What the program inside says of itself. Not asked while the way to it is broken before the container.</content>
public static partial class Signatures
{
    private static IReadOnlyList<Signature> Containers =>
    [
        Text("volume-permission", CureBy.Operator, Inside, ["permission denied", "EACCES", "read-only file system", "EROFS", "operation not permitted"])
            with { Command = "docker service inspect {service} --format '{{json .Spec.TaskTemplate.ContainerSpec.Mounts}}'", Acts = RestartIt },
        Text("opencode-config-invalid", CureBy.Owner, Inside,
            ["ConfigInvalidError", "ConfigJsonError", "Configuration is invalid", "is not valid JSON", "Unrecognized key"]) with { Acts = [OperationCatalog.ChangeEnvironment, OperationCatalog.Restart] },
        Text("opencode-database-newer", CureBy.Administrator, Inside,
            ["newer version of OpenCode", "no such column", "no such table", "unknown migration", "migrated by a newer", "schema version is newer"]) with { Acts = Repair },
        Text("opencode-database-damaged", CureBy.Owner, Inside, ["SQLITE_CORRUPT", "database disk image is malformed", "file is not a database"]) with { Acts = RestartIt },
        Text("opencode-database-locked", CureBy.Owner, Inside, ["SQLITE_BUSY", "database is locked"]) with { Acts = RestartIt },
        Text("gate-not-configured", CureBy.Administrator, Inside, ["gate: OPENCODE_SERVER_", "gate: STACK_", "gate: cannot listen on port"]) with { Acts = Repair },
        new("gate-cannot-start", CureBy.Administrator, e => e.Find(Inside, ["times in a row. The gate ends"]) is { } line ? new Sign(line)
            : e.Gate?.OpenCode is { State: "failed" } child ? Fact(EvidenceSource.Gate, $"OpenCode: {child.State}, {child.Restarts} restarts") : null) { Acts = [OperationCatalog.Restart, .. Repair] },
        new("out-of-memory", CureBy.Administrator, e =>
            e.Lines.LastOrDefault(l => l.Source == EvidenceSource.Tasks && Signs.IsOutOfMemory(l.Text)) is { } line ? new Sign(line)
            : e.Find(Inside, ["heap out of memory", "Out of memory: Killed process"]) is { } said ? new Sign(said)
            : Failed(e, FailureCode.OutOfMemory))
        {
            Acts = [OperationCatalog.Restart, .. Repair], Command = "docker service ps {service} --no-trunc",
        },
    ];

    /// <summary>Worth a look, and hardly why a stack does not answer.</summary>
    private static IReadOnlyList<Signature> Whispers =>
    [
        new("memory-nearly-full", CureBy.Owner, e => e.Gate is { MemoryBytes: { } used, MemoryLimitBytes: { } most } && most > 0 && used >= most * 9 / 10
            ? Fact(EvidenceSource.Gate, $"{used >> 20} MB / {most >> 20} MB", $"{used * 100 / most}") : null) { Acts = RestartIt, MattersWhenWell = true },
        Text("provider-key-refused", CureBy.Owner, Inside, ["invalid x-api-key", "Incorrect API key", "API key not valid", "invalid_api_key", "AI_LoadAPIKeyError"])
            with { Acts = [OperationCatalog.ChangeEnvironment], MattersWhenWell = true, MayTryAgain = false },
        Text("outside-unreachable", CureBy.Operator, Inside, ["EAI_AGAIN", "getaddrinfo ENOTFOUND", "Could not resolve host", "ENETUNREACH"])
            with { MattersWhenWell = true, MayTryAgain = false, Command = "docker run --rm --network dokploy-network alpine nslookup example.org" },
    ];
}
