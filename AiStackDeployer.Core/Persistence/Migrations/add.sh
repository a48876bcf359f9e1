#!/usr/bin/env bash
# Adds one migration for each database, from the one model.  add.sh YourName
set -euo pipefail
cd "$(dirname "$0")/../.."
dotnet ef migrations add "$1" --context SqlitePortalDbContext -o Persistence/Migrations/Sqlite
dotnet ef migrations add "$1" --context PostgresPortalDbContext -o Persistence/Migrations/Postgres
