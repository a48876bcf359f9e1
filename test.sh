#!/usr/bin/env bash
# Builds everything and runs every test. Installs Debian's chromium when there is none. Arguments go to the test program,
# e.g. ./test.sh -namespace AiStackDeployer.Tests.Naming
set -euo pipefail
cd "$(dirname "$0")"

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1

if ! command -v chromium >/dev/null; then
  as_root=""
  [ "$(id -u)" = 0 ] || as_root=sudo
  $as_root apt-get update -qq
  DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq chromium >/dev/null
fi

dotnet build AiStackDeployer.sln -v quiet --nologo
exec dotnet AiStackDeployer.Tests/bin/Debug/net10.0/AiStackDeployer.Tests.dll "$@"
