#!/usr/bin/env bash
# Tries a built image before anybody gets it: starts it as compose.yaml does, with the emulated Dokploy that is inside, and uses it
# as a person and as a program would. Ends with 0, or with 1 and a sentence at the first thing that is wrong; leaves nothing behind.
#   ops/smoke.sh IMAGE
# Needs docker and curl. Where there is a Chromium, the form is opened in it, too.
set -euo pipefail

image=${1:?"IMAGE is missing: ops/smoke.sh IMAGE"}
work=$(mktemp -d)
container=
page=

say() { echo "smoke: $*"; }
fail() { echo "smoke: FAILED: $*" >&2; exit 1; }
inspect() { docker inspect --format "$1" "$container"; }

finish() {
  status=$?
  [ -z "$page" ] || kill "$page" 2>/dev/null || true
  if [ -n "$container" ]; then
    [ "$status" = 0 ] || { echo "smoke: the last lines of the portal:" >&2; docker logs --tail 20 "$container" >&2 || true; }
    docker rm --force --volumes "$container" >/dev/null
  fi
  wait
  rm -rf "$work"
}
trap finish EXIT

# In a job that is a container itself, a published port would be on the machine's loopback address, not on the job's: there both share
# a network.
network=(--publish 127.0.0.1::3000 --publish 127.0.0.1::9464)
address() { docker port "$container" "$1/tcp" | head -n 1; }
if [[ ${HOSTNAME:-} =~ ^[0-9a-f]{12}$ ]] && docker inspect --type container "$HOSTNAME" >/dev/null 2>&1; then
  network=(--network "container:$HOSTNAME")
  address() { echo "127.0.0.1:$1"; }
fi

container=$(docker create --init --read-only --cap-drop ALL --security-opt no-new-privileges:true --tmpfs /tmp:size=64m,mode=1777 \
  --memory 1g "${network[@]}" --env ASPNETCORE_ENVIRONMENT=Development --env AUTH=none --env 'HOST=*' --env 'METRICS_HOST=*' \
  --env EMULATOR_PACE=0 "$image")
docker start "$container" >/dev/null

began=$SECONDS
while :; do
  [ "$(inspect '{{.State.Running}}')" = true ] || fail "the portal ended by itself, with code $(inspect '{{.State.ExitCode}}')"
  health=$(inspect '{{if .State.Health}}{{.State.Health.Status}}{{else}}none{{end}}')
  case $health in
    healthy) break ;;
    starting) ;;
    *) fail "its health check says: $health" ;;
  esac
  [ $((SECONDS - began)) -lt 90 ] || fail "not healthy after 90 s"
  sleep 0.5
done
say "healthy after $((SECONDS - began)) s"

root=http://$(address 3000)
curl -fsS -o /dev/null "$root/health/ready" || fail "it is healthy and not ready"

# Scripts, styles, and the modules of the import map.
curl -fsS -o "$work/page" "$root/" || fail "the first page cannot be fetched"
{
  grep -oE '<script[^>]* src="[^"]+"' "$work/page" | sed 's/.* src="//; s/"$//'
  grep -oE '<link[^>]* rel="stylesheet"[^>]*>' "$work/page" | sed 's/.* href="//; s/".*//'
  grep -oE '"\./[^"]+\.js"' "$work/page" | tr -d '"'
} | sort -u > "$work/assets" || true
grep -q 'blazor\.web\..*js$' "$work/assets" || fail "the first page names no script of Blazor"
while read -r asset; do
  read -r code type size < <(curl -sS -o /dev/null -w '%{http_code} %{content_type} %{size_download}\n' "$root/${asset#./}" | sed 's/; charset=[^ ]*//I')
  case $asset in *.css) wanted=text/css ;; *) wanted=text/javascript ;; esac
  [ "$code" = 200 ] || fail "$asset answers $code"
  [ "$type" = "$wanted" ] || fail "$asset is $type instead of $wanted"
  [ "$size" -gt 0 ] || fail "$asset is empty"
done < "$work/assets"
say "$(wc -l < "$work/assets") scripts and styles are there"

browser=$(command -v chromium-headless-shell || command -v chromium || command -v chromium-browser || command -v google-chrome || true)
if [ -n "$browser" ]; then
  timeout 120 "$browser" --headless --no-sandbox --disable-gpu --no-first-run --user-data-dir="$work/profile" --remote-debugging-port=0 \
    "$root/" > "$work/browser" 2>&1 &
  page=$!
  # A dump of the page would be taken before it is live. The portal counts the pages that are.
  until curl -fsS -o "$work/metrics" "http://$(address 9464)/metrics" && grep -q '^aistack_circuits{state="connected"} [1-9]' "$work/metrics"; do
    kill -0 "$page" 2>/dev/null || fail "the form does not come alive in $browser: $(tail -n 1 "$work/browser")"
    sleep 0.5
  done
  kill "$page"
  page=
  say "the form is live"
else
  say "no Chromium here: the form was not opened"
fi

answer=$(curl -sS -X POST "$root/api/deploy" -H 'Content-Type: application/json' -d '{"name":"smoke"}')
id=$(grep -oE '"deploymentId": *"[^"]+"' <<< "$answer" | grep -oE 'dep_\w+' || true)
[ -n "$id" ] || fail "a deployment is refused: $answer"
curl -sS --no-buffer --max-time 120 "$root/api/status/$id" > "$work/events" || fail "a deployment does not end within two minutes"
grep -q '^event: complete' "$work/events" || fail "a deployment fails: $(grep '^data:' "$work/events" | tail -n 1)"
say "a stack was deployed on the emulated Dokploy"

# What the browser met the server has logged, too.
docker logs "$container" > "$work/log" 2>&1
error=$(grep -m 1 -E '^[0-9:]{8} (ERR|FTL) ' "$work/log" || true)
[ -z "$error" ] || fail "the portal has logged an error: $error"

docker stop --time 40 "$container" >/dev/null
code=$(inspect '{{.State.ExitCode}}')
[ "$code" = 0 ] || fail "told to stop, it ends with code $code"
say "all is well"
