#!/usr/bin/env bash
# Builds everything and runs every test. Installs Debian's chromium, and npm's MCP inspector (node 20 or newer), when they are
# missing. Arguments go to the test program, e.g. ./test.sh -namespace AiStackDeployer.Tests.Naming
set -euo pipefail
cd "$(dirname "$0")"

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1

if ! command -v chromium >/dev/null; then
  as_root=""
  [ "$(id -u)" = 0 ] || as_root=sudo
  $as_root apt-get update -qq
  DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq chromium >/dev/null
fi

inspector=AiStackDeployer.Tests/Mcp/inspector
if ! cmp -s "$inspector/package-lock.json" "$inspector/node_modules/.installed"; then
  npm ci --prefix "$inspector" --ignore-scripts --no-audit --no-fund --loglevel=error
  cp "$inspector/package-lock.json" "$inspector/node_modules/.installed"
fi

dotnet build AiStackDeployer.sln -v quiet --nologo
exec dotnet AiStackDeployer.Tests/bin/Debug/net10.0/AiStackDeployer.Tests.dll "$@"
