#!/bin/bash
# Runs the console transcripts in a document against a real server:
#
#   transcripts_test.sh DOCUMENT
#
# Where one shows output, it is compared with what the commands print now; where
# it shows none, the commands must succeed. Times, keys and ids differ from run
# to run, so both sides are compared without them.
set -euo pipefail

document=$PWD/$1
binary=$PWD/cli/signet
example=$PWD/examples/signet.yaml
signet() { "$binary" "$@"; }
cd "$TEST_TMPDIR"

# Keys that may take over from each other after a second, for the sake of time.
sed "s/address: 127.0.0.1:741[01]/address: 127.0.0.1:0/; s#\.\./data#data#
  s/^\( *\)generate: .*/&\n\1rotation: {publish_ahead: 1s, jwks_max_age: 1s}/" \
  "$example" >signet.yaml

start_server() {
  local line log
  exec {log}< <(exec "$binary" serve --config signet.yaml 2>&1)
  server=$!
  SIGNET_SERVER=
  while [[ -z $SIGNET_SERVER ]] && IFS= read -r line <&"$log"; do
    printf '%s\n' "$line" >&2
    if [[ $line =~ '"http.listening","address":"'([^\"]+) ]]; then
      http=${BASH_REMATCH[1]}
    fi
    if [[ $line =~ '"server.listening","address":"'([^\"]+) ]]; then
      SIGNET_SERVER=${BASH_REMATCH[1]}
    fi
  done
  [[ -n $SIGNET_SERVER ]] || exit 1
  export SIGNET_SERVER
  cat <&"$log" >/dev/null &
}

# The documents name the example's own address.
curl() { command curl --silent --noproxy '*' "${@//http:\/\/127.0.0.1:7411/$http}"; }

stop_server() {
  kill "$server"
  tail --pid="$server" -f /dev/null
}

reload_server() { kill -HUP "$server"; }

# What an operator's machine does.
systemctl() { "$1_server"; }

trap 'kill "$server" 2>/dev/null || true' EXIT
start_server

# A document that rotates keys does so when the pending one may sign.
if grep -q '^\$ signet keys rotate' "$document"; then
  until signet keys rotate --issuer https://signet.example --algorithm ES256 \
    --dry-run >/dev/null 2>&1; do
    sleep 0.2
  done
fi

# Writes the console blocks to transcript-1, transcript-2 and so on.
awk '/^```console/ { inside = 1; blocks++; next }
  /^```/ { inside = 0 }
  inside { print > ("transcript-" blocks) }' "$document"

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
  local transcript=$1 where="$1 of ${document##*/}"
  : >failures
  run <"$transcript" >actual
  if grep -qv '^\$ ' "$transcript"; then
    diff <(stable "$transcript") <(stable actual) ||
      { echo "$where (<) is not what the commands print (>)"; return 1; }
  elif [[ -s failures ]]; then
    cat actual failures
    echo "$where fails"
    return 1
  fi
}

blocks=0
commands=0
while [[ -e transcript-$((blocks + 1)) ]]; do
  transcript=transcript-$((blocks + 1))
  check "$transcript"
  ((blocks += 1, commands += $(grep -c '^\$ ' "$transcript")))
done
echo "$commands commands in $blocks transcripts"
((blocks >= 2 && commands >= 6)) || { echo "found too few transcripts"; exit 1; }
