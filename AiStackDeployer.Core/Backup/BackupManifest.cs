using System.Text.Json.Serialization;

namespace AiStackDeployer.Core.Backup;

/// <summary>The first entry of a backup: what is in it.</summary>
public sealed record BackupManifest
{
    public const int CurrentFormat = 1;

    /// <summary>Of the archive. A program reads none that is newer than itself.</summary>
    public required int Format { get; init; }

    /// <summary>The version of the program that made it.</summary>
    public required string Program { get; init; }

    /// <summary>The database's last migration.</summary>
    public required string Schema { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required IReadOnlyList<BackupEntry> Entries { get; init; }
}

/// <param name="Name">Inside the archive; also the path inside <c>DATA_DIR</c>.</param>
/// <param name="Sha256">64 lower-case hex digits.</param>
public sealed record BackupEntry(string Name, long Size, string Sha256);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(BackupManifest))]
internal sealed partial class BackupJsonContext : JsonSerializerContext;
