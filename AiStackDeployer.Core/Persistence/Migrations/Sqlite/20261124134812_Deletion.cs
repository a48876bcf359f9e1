using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AiStackDeployer.Core.Persistence.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Deletion : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "is_paused",
                table: "deployments",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<string>(
                name: "kept_volumes",
                table: "deployments",
                type: "TEXT",
                nullable: true);

            // What was there before were deployments.
            migrationBuilder.AddColumn<string>(
                name: "kind",
                table: "deployments",
                type: "TEXT",
                nullable: false,
                defaultValue: "Deploy");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "is_paused",
                table: "deployments");

            migrationBuilder.DropColumn(
                name: "kept_volumes",
                table: "deployments");

            migrationBuilder.DropColumn(
                name: "kind",
                table: "deployments");
        }
    }
}
