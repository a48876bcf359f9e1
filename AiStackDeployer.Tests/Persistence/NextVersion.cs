using AiStackDeployer.Core.Persistence.Sqlite;
using AiStackDeployer.Core.Persistence.Migrations.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AiStackDeployer.Tests.Persistence;

/// <summary>A version of the program that has one migration more than the first one had.</summary>
internal static class NextVersion
{
    public const string First = "20261123214336_Initial";
    public const string Second = "20990101000000_Second";

    public static SqlitePortalDbContext Open(string file)
    {
        var options = new DbContextOptionsBuilder<SqlitePortalDbContext>();
        SqlitePortalDbContext.Configure(options, file);
        options.UseSqlite(
            new SqliteConnectionStringBuilder { DataSource = file }.ToString(),
            sqlite => sqlite.MigrationsAssembly(typeof(NextVersion).Assembly.GetName().Name));
        // The model is the program's own, which the second migration does not change.
        options.ConfigureWarnings(warnings => warnings.Ignore(RelationalEventId.PendingModelChangesWarning));
        return new SqlitePortalDbContext(options.Options);
    }
}

/// <summary>The program's first one, as this assembly's.</summary>
[DbContext(typeof(SqlitePortalDbContext))]
[Migration(NextVersion.First)]
public sealed class FirstMigration : Initial;

[DbContext(typeof(SqlitePortalDbContext))]
[Migration(NextVersion.Second)]
public sealed class SecondMigration : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.AddColumn<string>("note", "stacks", "TEXT", nullable: true);
}
