using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AiStackDeployer.Core.Persistence.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class StackHealth : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "health_layer",
                table: "stacks",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "health_missing",
                table: "stacks",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "health_path",
                table: "stacks",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "health_seen_at",
                table: "stacks",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "health_since",
                table: "stacks",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "health_state",
                table: "stacks",
                type: "TEXT",
                nullable: false,
                defaultValue: "NotLookedAtYet");

            migrationBuilder.AddColumn<string>(
                name: "open_code_version",
                table: "stacks",
                type: "TEXT",
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "health_layer",
                table: "stacks");

            migrationBuilder.DropColumn(
                name: "health_missing",
                table: "stacks");

            migrationBuilder.DropColumn(
                name: "health_path",
                table: "stacks");

            migrationBuilder.DropColumn(
                name: "health_seen_at",
                table: "stacks");

            migrationBuilder.DropColumn(
                name: "health_since",
                table: "stacks");

            migrationBuilder.DropColumn(
                name: "health_state",
                table: "stacks");

            migrationBuilder.DropColumn(
                name: "open_code_version",
                table: "stacks");
        }
    }
}
