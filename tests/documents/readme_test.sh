#!/bin/bash
# Runs the first transcript in README.md against a real server, and compares
# what it prints with what the README says. Times, keys and ids differ from run
# to run, so both sides are compared without them.
set -euo pipefail

readme=README.md
binary=$PWD/cli/signet
work=$TEST_TMPDIR
signet() { "$binary" "$@"; }

sed "s/127.0.0.1:7410/127.0.0.1:0/; s#\.\./data#data#" examples/signet.yaml >"$work/signet.yaml"
signet serve --config "$work/signet.yaml" 2>"$work/log" &
server=$!
trap 'kill "$server"' EXIT
until grep -q server.listening "$work/log"; do
  kill -0 "$server" || { cat "$work/log"; exit 1; }
done
SIGNET_SERVER=$(sed -n 's/.*"server.listening","address":"\([^"]*\)".*/\1/p' "$work/log")
export SIGNET_SERVER

# The lines of the first console block.
awk '/^```console/ { inside = 1; next } /^```/ && inside { exit } inside' "$readme" >"$work/transcript"

# Each command, as shown, followed by what it prints now.
while IFS= read -r line; do
  [[ $line == '$ '* ]] || continue
  printf '%s\n' "$line"
  eval "${line#\$ }" </dev/null || true
done <"$work/transcript" >"$work/actual"

stable() {
  sed -E 's/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z/TIME/; s/^(  (key|token id) +).*/\1ID/' "$1"
}
diff <(stable "$work/transcript") <(stable "$work/actual") || {
  echo "README.md's transcript (<) is not what the commands print (>)"
  exit 1
}
[[ $(grep -c '^\$ ' "$work/transcript") -ge 3 ]] || { echo "found no transcript"; exit 1; }
