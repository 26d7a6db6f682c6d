#!/bin/bash
# Runs the console transcripts in README.md against a real server. Where one
# shows output, it is compared with what the commands print now; where it shows
# none, the commands must succeed. Times, keys and ids differ from run to run,
# so both sides are compared without them.
set -euo pipefail

readme=$PWD/README.md
binary=$PWD/cli/signet
example=$PWD/examples/signet.yaml
signet() { "$binary" "$@"; }
cd "$TEST_TMPDIR"

sed "s/127.0.0.1:7410/127.0.0.1:0/; s#\.\./data#data#" "$example" >signet.yaml
exec {log}< <(exec "$binary" serve --config signet.yaml 2>&1)
server=$!
trap 'kill "$server" 2>/dev/null || true' EXIT
SIGNET_SERVER=
while [[ -z $SIGNET_SERVER ]] && IFS= read -r line <&"$log"; do
  printf '%s\n' "$line"
  if [[ $line =~ '"server.listening","address":"'([^\"]+) ]]; then
    SIGNET_SERVER=${BASH_REMATCH[1]}
  fi
done
[[ -n $SIGNET_SERVER ]] || exit 1
export SIGNET_SERVER
cat <&"$log" >/dev/null &

# Writes the console blocks to transcript-1, transcript-2 and so on.
awk '/^```console/ { inside = 1; blocks++; next }
  /^```/ { inside = 0 }
  inside { print > ("transcript-" blocks) }' "$readme"

# Each command, as shown, followed by what it prints. A block may use what one
# before it has set.
run() {
  local line
  while IFS= read -r line; do
    [[ $line == '$ '* ]] || continue
    printf '%s\n' "$line"
    eval "${line#\$ }" </dev/null || echo "exit code $?" >>failures
  done
}

stable() {
  sed -E 's/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z/TIME/; s/^(  (key|token id) +).*/\1ID/' "$1"
}

check() {
  local transcript=$1
  : >failures
  run <"$transcript" >actual
  if grep -qv '^\$ ' "$transcript"; then
    diff <(stable "$transcript") <(stable actual) ||
      { echo "$transcript in README.md (<) is not what the commands print (>)"; return 1; }
  elif [[ -s failures ]]; then
    cat actual failures
    echo "$transcript in README.md fails"
    return 1
  fi
}

blocks=0
commands=0
for transcript in transcript-*; do
  check "$transcript"
  ((blocks += 1, commands += $(grep -c '^\$ ' "$transcript")))
done
echo "$commands commands in $blocks transcripts"
((blocks >= 2 && commands >= 6)) || { echo "found too few transcripts"; exit 1; }
