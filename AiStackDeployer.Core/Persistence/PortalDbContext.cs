using System.Text.Json;
using AiStackDeployer.Core.Audit;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Naming;
using AiStackDeployer.Core.People;
using AiStackDeployer.Core.Stacks;
using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using OpenIddict.EntityFrameworkCore.Models;

namespace AiStackDeployer.Core.Persistence;

/// <summary>
/// The portal's database: stacks, deployments with their steps and log, names held by open forms, people with their sessions and tokens,
/// the audit log, and the key ring of portals that share it. One model; what the database has of its own is in one class for each.
/// </summary>
public abstract class PortalDbContext(DbContextOptions options) : DbContext(options), IDataProtectionKeyContext
{
    public DbSet<Stack> Stacks => Set<Stack>();

    public DbSet<Deployment> Deployments => Set<Deployment>();

    public DbSet<DeploymentStepRecord> DeploymentSteps => Set<DeploymentStepRecord>();

    public DbSet<DeploymentEvent> DeploymentEvents => Set<DeploymentEvent>();

    public DbSet<NameHoldRow> NameHolds => Set<NameHoldRow>();

    public DbSet<Person> People => Set<Person>();

    public DbSet<Session> Sessions => Set<Session>();

    public DbSet<AccessToken> AccessTokens => Set<AccessToken>();

    public DbSet<AuditEntry> AuditEntries => Set<AuditEntry>();

    /// <summary>What administrators have decided for the whole portal: notice, maintenance, policies.</summary>
    public DbSet<PortalValue> PortalValues => Set<PortalValue>();

    /// <summary>Empty on SQLite, where the key ring is a folder: a copy of the database then opens no password.</summary>
    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    /// <summary>A transaction in which what was looked at stays true until the commit, among all who name one of the same keys.</summary>
    /// <param name="keys">A name before an owner, everywhere: in one order nobody waits in a circle.</param>
    internal abstract Task<IDbContextTransaction> BeginWriteAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken);

    /// <summary>A transaction in which nobody else changes this deployment; null = none is needed to look and to write.</summary>
    /// <param name="collided">Whether somebody was quicker before.</param>
    internal abstract Task<IDbContextTransaction?> BeginChangeAsync(string deploymentId, bool collided, CancellationToken cancellationToken);

    /// <summary>Runs the migrations that are missing, once, whoever else is about to.</summary>
    /// <exception cref="DatabaseTooNewException">A newer program wrote the database. Nothing was written.</exception>
    /// <exception cref="Deployments.StorageUnavailableException">Among others: there is no room for a safety copy. Nothing was changed.</exception>
    internal abstract Task UpgradeAsync(TimeProvider time, CancellationToken cancellationToken);

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        // SQLite can neither compare nor order a DateTimeOffset; whole milliseconds it can, and PostgreSQL too.
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UnixMilliseconds>();
        foreach (var text in (PropertiesConfigurationBuilder[])
        [
            configurationBuilder.Properties<string>(),
            configurationBuilder.Properties<Operation>().HaveConversion<OperationName>(),
            configurationBuilder.Properties<StackName>().HaveConversion<StoredName>(),
            configurationBuilder.Properties<DeploymentPhase>().HaveConversion<string>(),
            configurationBuilder.Properties<DeploymentStep>().HaveConversion<string>(),
            configurationBuilder.Properties<StepOutcome>().HaveConversion<string>(),
            configurationBuilder.Properties<DeploymentEventKind>().HaveConversion<string>(),
            configurationBuilder.Properties<LogCode>().HaveConversion<string>(),
            configurationBuilder.Properties<StackState>().HaveConversion<string>(),
            configurationBuilder.Properties<HealthState>().HaveConversion<string>(),
            configurationBuilder.Properties<AddressLayer>().HaveConversion<string>(),
            configurationBuilder.Properties<MissingPart>().HaveConversion<string>(),
            configurationBuilder.Properties<Role>().HaveConversion<string>(),
            configurationBuilder.Properties<Scopes>().HaveConversion<ScopeText>(),
            configurationBuilder.Properties<AuditWay>().HaveConversion<string>(),
            configurationBuilder.Properties<AuditOutcome>().HaveConversion<string>(),
            configurationBuilder.Properties<DeploymentFailure>().HaveConversion<FailureJson>(),
            configurationBuilder.Properties<StackChange>().HaveConversion<ChangeJson>(),
            configurationBuilder.Properties<OperationCause>().HaveConversion<string>(),
        ])
        {
            ConfigureText(text);
        }
    }

    /// <summary>What the database needs to compare texts by their bytes, as the program does: an id begins with its moment.</summary>
    protected virtual void ConfigureText(PropertiesConfigurationBuilder text)
    {
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Stack>(stack =>
        {
            stack.HasKey(s => s.Id);
            // One name, one stack; a released one is history and does not count.
            stack.HasIndex(s => s.Name).IsUnique().HasFilter("released_at IS NULL");
            stack.HasIndex(s => s.OwnerId);
            stack.HasIndex(s => s.RemoveAt);
            stack.Property(s => s.Label).HasMaxLength(80);
            stack.Property(s => s.Description).HasMaxLength(500);
            stack.ComplexProperty(s => s.Health);
            stack.Property(s => s.Version).IsConcurrencyToken();
        });
        modelBuilder.Entity<Deployment>(deployment =>
        {
            deployment.HasKey(d => d.Id);
            deployment.HasOne(d => d.Stack).WithMany().HasForeignKey(d => d.StackId);
            deployment.HasMany(d => d.Steps).WithOne().HasForeignKey(s => s.DeploymentId);
            deployment.HasIndex(d => new { d.OwnerId, d.RequestId }).IsUnique();
            deployment.Property(d => d.Operation).HasColumnName("kind");
            deployment.Property(d => d.DokployQueuePosition).HasColumnName("place_in_dokploy");
            // Who asks for an operation on a stack need not own it, and one request begins one operation.
            deployment.HasIndex(d => d.RequestId).IsUnique().HasFilter("kind <> 'deploy'");
            deployment.Property(d => d.Cause).HasDefaultValue(OperationCause.Person);
            deployment.Ignore(d => d.OpenStep).Ignore(d => d.NextIndex).Ignore(d => d.Image).Ignore(d => d.ProtectedPassword).Ignore(d => d.ProtectedEnvironment);
            deployment.HasIndex(d => new { d.Phase, d.CreatedAt });
            deployment.HasIndex(d => d.FinishedAt);
            deployment.Property(d => d.Version).IsConcurrencyToken();
        });
        modelBuilder.Entity<DeploymentStepRecord>(step => step.HasKey(s => new { s.DeploymentId, s.Index }));
        modelBuilder.Entity<DeploymentEvent>(row =>
        {
            row.HasKey(e => new { e.DeploymentId, e.Sequence });
            row.HasOne<Deployment>().WithMany().HasForeignKey(e => e.DeploymentId);
        });
        modelBuilder.Entity<NameHoldRow>(hold =>
        {
            hold.HasKey(h => h.Name);
            hold.HasIndex(h => h.HolderId);
            hold.HasIndex(h => h.Until);
        });
        modelBuilder.Entity<Person>(person => person.HasKey(p => p.Id));
        modelBuilder.Entity<Session>(session =>
        {
            session.HasKey(s => s.Id);
            session.HasIndex(s => s.KeyHash).IsUnique();
            session.HasIndex(s => s.PersonId);
        });
        modelBuilder.Entity<AccessToken>(token =>
        {
            token.HasKey(t => t.Id);
            token.HasIndex(t => t.Hash).IsUnique();
            token.HasIndex(t => t.PersonId);
        });
        modelBuilder.Entity<PortalValue>(value => value.HasKey(v => v.Key));
        // By its id, which begins with its moment, the log is read in order.
        modelBuilder.Entity<AuditEntry>(entry => entry.HasKey(e => e.Id));
        modelBuilder.UseOpenIddict();
        // A client may be known by the address of its own description.
        modelBuilder.Entity<OpenIddictEntityFrameworkCoreApplication>().Property(a => a.ClientId).HasMaxLength(500);
    }

    private sealed class UnixMilliseconds() : ValueConverter<DateTimeOffset, long>(
        moment => moment.ToUnixTimeMilliseconds(), stored => DateTimeOffset.FromUnixTimeMilliseconds(stored));

    private sealed class OperationName() : ValueConverter<Operation, string>(
        operation => operation.Name, stored => OperationCatalog.Find(stored)!);

    private sealed class StoredName() : ValueConverter<StackName, string>(name => name.Value, stored => StackName.FromStored(stored));

    private sealed class ScopeText() : ValueConverter<Scopes, string>(scopes => scopes.ToWords(), stored => ScopeWords.Parse(stored));

    private sealed class ChangeJson() : ValueConverter<StackChange, string>(
        change => JsonSerializer.Serialize(change, PersistenceJsonContext.Default.StackChange),
        stored => JsonSerializer.Deserialize(stored, PersistenceJsonContext.Default.StackChange)!);

    private sealed class FailureJson() : ValueConverter<DeploymentFailure, string>(
        failure => JsonSerializer.Serialize(failure, PersistenceJsonContext.Default.DeploymentFailure),
        stored => JsonSerializer.Deserialize(stored, PersistenceJsonContext.Default.DeploymentFailure)!);
}
