using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AiStackDeployer.Core.Persistence.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Operations : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_deployments_request_id",
                table: "deployments");

            // An operation is stored by its name on the wire.
            migrationBuilder.Sql("UPDATE deployments SET kind = lower(kind)");

            migrationBuilder.AddColumn<string>(
                name: "state_before",
                table: "deployments",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "index",
                table: "deployment_steps",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            // The place of each step in the plans as they were when this was written.
            migrationBuilder.Sql(
                """
                UPDATE deployment_steps SET "index" = CASE step
                    WHEN 'ClaimName' THEN 0 WHEN 'EnsureProject' THEN 1 WHEN 'EnsureApplication' THEN 2 WHEN 'Configure' THEN 3
                    WHEN 'EnsureVolumes' THEN 4 WHEN 'EnsureDomain' THEN 5 WHEN 'TriggerDeploy' THEN 6 WHEN 'AwaitDokploy' THEN 7
                    WHEN 'AwaitContainer' THEN 8 WHEN 'AwaitReadiness' THEN 9
                    WHEN 'AcceptDelete' THEN 0 WHEN 'RemoveApplication' THEN 1 WHEN 'RemoveDomain' THEN 2 WHEN 'RemoveProject' THEN 3
                    WHEN 'ProveGone' THEN 4
                    ELSE -1 END
                """);

            migrationBuilder.DropPrimaryKey(
                name: "pk_deployment_steps",
                table: "deployment_steps");

            migrationBuilder.AddPrimaryKey(
                name: "pk_deployment_steps",
                table: "deployment_steps",
                columns: new[] { "deployment_id", "index" });

            migrationBuilder.CreateIndex(
                name: "ix_deployments_request_id",
                table: "deployments",
                column: "request_id",
                unique: true,
                filter: "kind <> 'deploy'");
        }

        /// <summary>There is none: a program that knows of no plans' positions refuses this database, and the copy from before the upgrade is kept.</summary>
        protected override void Down(MigrationBuilder migrationBuilder) => throw new NotSupportedException();
    }
}
