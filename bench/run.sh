#!/usr/bin/env bash
# Publishes the portal as the Dockerfile does, measures it beside the peer, and prints a table: docs/PERFORMANCE.md.
#   bench/run.sh               everything, about 20 minutes; on a machine that does nothing else
#   bench/run.sh --quick       all rows with small numbers, about a minute after the publish: shows that they work
#   bench/run.sh check deploy  some rows, by name
set -euo pipefail
cd "$(dirname "$0")"
root=$(cd .. && pwd)
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
BENCH_LOAD=$(cut -d ' ' -f 1 /proc/loadavg)
BENCH_DOTNET=$(dotnet --version)
export BENCH_LOAD BENCH_DOTNET

# Its own output folders (in artifacts/, which git ignores), so that it and the solution's builds do not disturb each other.
export BENCH_APP=$root/artifacts/bench/portal
arch=$(uname -m | sed 's/x86_64/x64/; s/aarch64/arm64/')
dotnet publish "$root/AiStackDeployer.Web" -c Release -a "$arch" --no-self-contained -p:PublishReadyToRun=true -v quiet \
  --artifacts-path "$root/artifacts/bench/build" -o "$BENCH_APP" >&2

if ! cmp -s package-lock.json node_modules/.installed; then
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2
  cp package-lock.json node_modules/.installed
fi

# At 500 questions a second a server that stalls soon has thousands of connections open.
ulimit -n 16384 2>/dev/null || true
exec node bench.mjs "$@"
