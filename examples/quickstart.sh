#!/bin/bash
# Starts the service, has one token signed, verified and introspected over
# gRPC, shows how to do it again, and keeps serving until Ctrl-C.
#
#   examples/quickstart.sh SIGNET [CONFIG]
set -euo pipefail

signet=$1
config=${2:-examples/signet.yaml}

# The server's log comes in here, and is passed on as it comes.
exec {log}< <(exec "$signet" serve --config "$config" 2>&1)
server=$!
stop() {
  kill "$server" 2>/dev/null || true
  wait
}
trap stop EXIT
trap 'exit 0' INT TERM

# It says where it listens, or why it does not.
address=
while [[ -z $address ]] && IFS= read -r line <&"$log"; do
  printf '%s\n' "$line" >&2
  if [[ $line =~ '"server.listening","address":"'([^\"]+) ]]; then
    address=${BASH_REMATCH[1]}
  fi
done
[[ -n $address ]] || exit 2
cat <&"$log" >&2 &

# Runs a command, and shows it as one would type it.
show() {
  printf '\n$'
  printf ' %q' "$signet" "$@"
  printf '\n'
  "$signet" "$@"
}

if [[ $address != 127.0.0.1:7410 ]]; then
  export SIGNET_SERVER=$address
  printf '\n$ export SIGNET_SERVER=%q\n' "$address"
fi
sign=(sign --kind access --subject billing --audience https://orders.example
  --scope orders.read --client-id billing)
show "${sign[@]}"
token=$("$signet" "${sign[@]}")
show verify --policy orders "$token"
show introspect --policy orders "$token"

printf '\nServing at %s. Repeat any of these from another terminal; stop with Ctrl-C.\n' "$address"
wait "$server"
