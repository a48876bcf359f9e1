#!/usr/bin/env bash
# Tries a built stack image before anybody gets it: as the portal runs it, and as locked down as an operator may run it. Ends with 0,
# or with 1 and a sentence at the first thing that is wrong; leaves nothing behind.
#   stack/smoke.sh IMAGE
# Needs docker and curl.
set -euo pipefail

image=${1:?"IMAGE is missing: stack/smoke.sh IMAGE"}
password=smoke-password-of-24-chars
work=$(mktemp -d)
volumes=(smoke-work-$$ smoke-state-$$)
container=

say() { echo "smoke: $*"; }
fail() { echo "smoke: FAILED: $*" >&2; exit 1; }
inspect() { docker inspect --format "$1" "$container"; }

finish() {
  status=$?
  if [ -n "$container" ]; then
    [ "$status" = 0 ] || { echo "smoke: the last lines of the stack:" >&2; docker logs --tail 30 "$container" >&2 || true; }
    docker rm --force "$container" >/dev/null
  fi
  docker volume rm --force "${volumes[@]}" >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap finish EXIT

# In a job that is a container itself, a published port would be on the machine's loopback address, not on the job's.
network=(--publish 127.0.0.1::8080)
address() { docker port "$container" 8080/tcp | head -n 1; }
if [[ ${HOSTNAME:-} =~ ^[0-9a-f]{12}$ ]] && docker inspect --type container "$HOSTNAME" >/dev/null 2>&1; then
  network=(--network "container:$HOSTNAME")
  address() { echo 127.0.0.1:8080; }
fi

begin() {
  container=$(docker create --read-only --cap-drop ALL --security-opt no-new-privileges:true --memory 1g --pids-limit 512 \
    --tmpfs /tmp:mode=1777 --tmpfs /home/opencode/.cache:uid=1000,gid=1000,mode=700 --tmpfs /home/opencode/.local/state:uid=1000,gid=1000,mode=700 \
    --volume "${volumes[0]}:/workspace" --volume "${volumes[1]}:/home/opencode/.local/share/opencode" \
    --env STACK_NAME=smoke --env STACK_URL=http://smoke.localhost --env OPENCODE_SERVER_PASSWORD=$password "${network[@]}" "$image")
  docker start "$container" >/dev/null
  root=http://$(address)
  local began=$SECONDS
  until [ "$(inspect '{{.State.Health.Status}}')" = healthy ]; do
    [ "$(inspect '{{.State.Running}}')" = true ] || fail "it ended by itself, with code $(inspect '{{.State.ExitCode}}')"
    [ $((SECONDS - began)) -lt 90 ] || fail "not healthy after 90 s"
    sleep 0.5
  done
  until [ "$(status -u "opencode:$password" "$root/api/health")" = 200 ]; do
    [ $((SECONDS - began)) -lt 120 ] || fail "OpenCode does not answer after 120 s"
    sleep 0.5
  done
  say "OpenCode answers after $((SECONDS - began)) s"
}

status() { curl -sS -o "$work/body" -w '%{http_code}' "$@" || true; }
expect() { local want=$1; shift; local got; got=$(status "$@"); [ "$got" = "$want" ] || fail "$got instead of $want: $*"; }

# Without its secrets it must not start: an OpenCode without a password is an open shell.
if docker run --rm "$image" >"$work/refusal" 2>&1; then fail "it started without a password"; fi
grep -q OPENCODE_SERVER_PASSWORD "$work/refusal" || fail "it does not say that the password is missing: $(cat "$work/refusal")"

begin
expect 200 "$root/healthz"
grep -qx alive "$work/body" || fail "/healthz says more than that it is alive"
expect 401 "$root/api/health"
expect 401 -u "opencode:wrong" "$root/api/health"
expect 401 "$root/terminal/"
expect 401 "$root/.stack/activity"
expect 200 -u "opencode:$password" "$root/"
expect 200 -u "opencode:$password" "$root/terminal/"
expect 200 -u "opencode:$password" "$root/terminal/token"
expect 200 -u "opencode:$password" -X POST -H 'Content-Type: application/json' -d '{}' "$root/session"
grep -q '"directory":"/workspace"' "$work/body" || fail "a session does not begin in the workspace: $(cat "$work/body")"
say "nobody comes in without the password, and programs do with it"

inside() { docker exec "$container" bash -c "$1"; }
[ "$(inside 'id -u')" = 1000 ] || fail "it does not run as user 1000"
# PID 1 and the gate have the stack's password; what the agent starts runs as the same user and must not read it.
if inside 'cat /proc/1/environ' >"$work/environ" 2>/dev/null; then fail "the environment of PID 1 can be read"; fi
if inside 'cat /proc/$(pgrep -xo stack-gate)/environ' >"$work/environ" 2>/dev/null; then fail "the gate's environment can be read"; fi
# docker exec hands the container's environment to this shell, so OpenCode's own is looked at.
inside 'cat /proc/$(pgrep -xo opencode)/environ' | tr '\0' '\n' >"$work/environ"
if grep -q "$password" "$work/environ"; then fail "OpenCode, and so the agent's shell, knows the stack's password"; fi
grep -q '^OPENCODE_SERVER_PASSWORD=.' "$work/environ" || fail "OpenCode runs without a password of its own"
if inside 'touch /usr/local/bin/x' 2>/dev/null; then fail "the root file system can be written to"; fi
inside 'echo kept > /workspace/kept && git --version && rg --version && git config --global user.name smoke' >/dev/null || fail "the workspace or the tools do not work"
inside 'cat /usr/share/ai-stack/sbom.cdx.json' >"$work/sbom"
grep -q '"bomFormat"' "$work/sbom" || fail "no list of what is inside"
say "the agent cannot read the password, and writes where it may"

began=$SECONDS
docker stop --time 20 "$container" >/dev/null
[ $((SECONDS - began)) -lt 15 ] || fail "it took $((SECONDS - began)) s to stop"
docker rm --force "$container" >/dev/null; container=
begin
[ "$(inside 'cat /workspace/kept')" = kept ] || fail "the workspace is lost after a restart"
say "stops when asked, and keeps the work"

# OpenCode killed: the gate starts it again.
inside 'kill -9 $(pgrep -xo opencode)'
began=$SECONDS
until [ "$(status -u "opencode:$password" "$root/api/health")" = 200 ]; do
  [ $((SECONDS - began)) -lt 60 ] || fail "OpenCode does not come back after it was killed"
  sleep 0.5
done
say "OpenCode comes back after it was killed, in $((SECONDS - began)) s"
say "good"
