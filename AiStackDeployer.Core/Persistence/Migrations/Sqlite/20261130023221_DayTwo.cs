using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AiStackDeployer.Core.Persistence.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class DayTwo : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "description",
                table: "stacks",
                type: "TEXT",
                maxLength: 500,
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "expiry_warned_at",
                table: "stacks",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "idle_warned_at",
                table: "stacks",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "keep_until",
                table: "stacks",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "label",
                table: "stacks",
                type: "TEXT",
                maxLength: 80,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "protected_environment",
                table: "stacks",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "remove_at",
                table: "stacks",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "stopped_at",
                table: "stacks",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "used_at",
                table: "stacks",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "cause",
                table: "deployments",
                type: "TEXT",
                nullable: false,
                defaultValue: "Person");

            migrationBuilder.AddColumn<string>(
                name: "change",
                table: "deployments",
                type: "TEXT",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "portal_values",
                columns: table => new
                {
                    key = table.Column<string>(type: "TEXT", nullable: false),
                    json = table.Column<string>(type: "TEXT", nullable: false),
                    changed_at = table.Column<long>(type: "INTEGER", nullable: false),
                    changed_by = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_portal_values", x => x.key);
                });

            migrationBuilder.CreateIndex(
                name: "ix_stacks_remove_at",
                table: "stacks",
                column: "remove_at");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "portal_values");

            migrationBuilder.DropIndex(
                name: "ix_stacks_remove_at",
                table: "stacks");

            migrationBuilder.DropColumn(
                name: "description",
                table: "stacks");

            migrationBuilder.DropColumn(
                name: "expiry_warned_at",
                table: "stacks");

            migrationBuilder.DropColumn(
                name: "idle_warned_at",
                table: "stacks");

            migrationBuilder.DropColumn(
                name: "keep_until",
                table: "stacks");

            migrationBuilder.DropColumn(
                name: "label",
                table: "stacks");

            migrationBuilder.DropColumn(
                name: "protected_environment",
                table: "stacks");

            migrationBuilder.DropColumn(
                name: "remove_at",
                table: "stacks");

            migrationBuilder.DropColumn(
                name: "stopped_at",
                table: "stacks");

            migrationBuilder.DropColumn(
                name: "used_at",
                table: "stacks");

            migrationBuilder.DropColumn(
                name: "cause",
                table: "deployments");

            migrationBuilder.DropColumn(
                name: "change",
                table: "deployments");
        }
    }
}
