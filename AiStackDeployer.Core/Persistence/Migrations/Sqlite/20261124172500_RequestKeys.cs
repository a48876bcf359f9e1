using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AiStackDeployer.Core.Persistence.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class RequestKeys : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // Callers' keys stood here as they had been sent, and such a key opens what it began. What a hash would be made of is not
            // all in the row, so they are forgotten: no key of before this upgrade is known after it.
            migrationBuilder.Sql(
                """
                UPDATE deployments SET request_id = 'old:' || id
                WHERE request_id LIKE 'key:%' OR request_id LIKE 'retry:%' OR request_id LIKE 'delete:%'
                """);

            migrationBuilder.CreateIndex(
                name: "ix_deployments_request_id",
                table: "deployments",
                column: "request_id",
                unique: true,
                filter: "kind = 'Delete'");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_deployments_request_id",
                table: "deployments");
        }
    }
}
