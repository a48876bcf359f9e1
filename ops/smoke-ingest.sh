#!/usr/bin/env bash
# Tries a built image of the ingest before anybody gets it: starts it locked down, sends it an event and asks for it again. Ends with
# 0, or with 1 and a sentence at the first thing that is wrong; leaves nothing behind.
#   ops/smoke-ingest.sh IMAGE
# Needs docker and curl.
set -euo pipefail

image=${1:?"IMAGE is missing: ops/smoke-ingest.sh IMAGE"}
key=smoke-key-that-is-long-enough-for-anybody
work=$(mktemp -d)
container=

say() { echo "smoke: $*"; }
fail() { echo "smoke: FAILED: $*" >&2; exit 1; }
inspect() { docker inspect --format "$1" "$container"; }

finish() {
  status=$?
  if [ -n "$container" ]; then
    [ "$status" = 0 ] || { echo "smoke: the last lines of the ingest:" >&2; docker logs --tail 20 "$container" >&2 || true; }
    docker rm --force --volumes "$container" >/dev/null
  fi
  rm -rf "$work"
}
trap finish EXIT

# In a job that is a container itself, a published port would be on the machine's loopback address, not on the job's.
network=(--publish 127.0.0.1::3000)
address() { docker port "$container" 3000/tcp | head -n 1; }
if [[ ${HOSTNAME:-} =~ ^[0-9a-f]{12}$ ]] && docker inspect --type container "$HOSTNAME" >/dev/null 2>&1; then
  network=(--network "container:$HOSTNAME")
  address() { echo 127.0.0.1:3000; }
fi

container=$(docker create --init --read-only --cap-drop ALL --security-opt no-new-privileges:true --tmpfs /tmp:size=64m,mode=1777 \
  --memory 512m "${network[@]}" --env LOG_INGEST_KEY=$key --env PORTAL_URL=http://127.0.0.1:9 "$image")
docker start "$container" >/dev/null
root=http://$(address)

began=$SECONDS
until [ "$(inspect '{{.State.Health.Status}}')" = healthy ]; do
  [ "$(inspect '{{.State.Running}}')" = true ] || fail "it ended by itself, with code $(inspect '{{.State.ExitCode}}')"
  [ $((SECONDS - began)) -lt 60 ] || fail "not healthy after 60 s"
  sleep 0.5
done
say "healthy after $((SECONDS - began)) s"

status() { curl -sS -o "$work/body" -w '%{http_code}' "$@" || true; }
expect() { local want=$1; shift; local got; got=$(status "$@"); [ "$got" = "$want" ] || fail "$got instead of $want: $*"; }

event="{\"id\":\"evt_smoke\",\"ts\":\"$(date -u +%Y-%m-%dT%H:%M:%SZ)\",\"type\":\"smoke.test\",\"message\":\"smoke and mirrors\",\"stack\":\"smoke\"}"
expect 401 -H 'Content-Type: application/json' -d "$event" "$root/ingest"
expect 202 -H "Authorization: Bearer $key" -H 'Content-Type: application/json' -d "$event" "$root/ingest"
expect 401 "$root/query?stack=smoke"
began=$SECONDS
until [ "$(status -H "Authorization: Bearer $key" "$root/query?stack=smoke&q=mirrors")" = 200 ] && grep -q 'smoke and mirrors' "$work/body"; do
  [ $((SECONDS - began)) -lt 10 ] || fail "an event that was taken is not found: $(cat "$work/body")"
  sleep 0.2
done
expect 200 "$root/metrics"
grep -q '^aistack_ingest_events_accepted_total{source="portal"} 1' "$work/body" || fail "its figures do not know the event"
say "takes an event, finds it again and counts it"

began=$SECONDS
docker stop --time 20 "$container" >/dev/null
[ $((SECONDS - began)) -lt 15 ] || fail "it took $((SECONDS - began)) s to stop"
say "good"
