#!/usr/bin/env bash
# Builds everything and runs every test. Installs Debian's chromium-headless-shell, nginx and PostgreSQL, and npm's MCP inspector (node 20 or newer), when they are
# missing, and fetches promtool. Arguments go to the test program, e.g. ./test.sh -namespace AiStackDeployer.Tests.Naming
set -euo pipefail
cd "$(dirname "$0")"

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1
# A build is too short to earn back the measuring of the compiler's code before it is optimised, which costs a fifth of its processor time.
export DOTNET_TieredPGO=0

if ! command -v chromium-headless-shell >/dev/null || [ ! -x /usr/sbin/nginx ] || [ -z "$(compgen -G '/usr/lib/postgresql/*/bin/postgres')" ]; then
  as_root=""
  [ "$(id -u)" = 0 ] || as_root=sudo
  # The tests start a server of their own; Debian's package would make and start one besides.
  if [ ! -e /etc/postgresql-common/createcluster.conf ]; then
    $as_root mkdir -p /etc/postgresql-common
    echo 'create_main_cluster = false' | $as_root tee /etc/postgresql-common/createcluster.conf >/dev/null
  fi
  $as_root apt-get update -qq
  DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends chromium-headless-shell nginx-light postgresql >/dev/null
fi

# The tool that checks alert rules. Debian's package would start a server, so only this one program is taken out of it; without it
# one test is skipped.
if ! command -v promtool >/dev/null && [ ! -x .tools/promtool ]; then
  root=$PWD
  folder=$(mktemp -d)
  (cd "$folder" && apt-get download -qq prometheus && dpkg-deb -x prometheus_*.deb . && install -D usr/bin/promtool "$root/.tools/promtool") 2>/dev/null \
    || echo "No promtool to be had: one test will be skipped." >&2
  rm -rf "$folder"
fi

inspector=AiStackDeployer.Tests/Mcp/inspector
if ! cmp -s "$inspector/package-lock.json" "$inspector/node_modules/.installed"; then
  npm ci --prefix "$inspector" --ignore-scripts --no-audit --no-fund --loglevel=error
  cp "$inspector/package-lock.json" "$inspector/node_modules/.installed"
fi

dotnet build AiStackDeployer.sln -v quiet --nologo
exec dotnet AiStackDeployer.Tests/bin/Debug/net10.0/AiStackDeployer.Tests.dll "$@"
