#!/bin/bash
# Starts the service, has one token signed, verified and introspected over
# gRPC, shows how to do it again, and keeps serving until Ctrl-C.
#
#   examples/quickstart.sh SIGNET [CONFIG]
set -euo pipefail

signet=$1
config=${2:-examples/signet.yaml}

"$signet" serve --config "$config" &
server=$!
trap 'kill "$server" 2>/dev/null; wait "$server"; exit' INT TERM EXIT

# Runs a command, and shows it as one would type it.
show() {
  printf '\n$ %s' "$(basename "$signet")"
  printf ' %q' "$@"
  printf '\n'
  "$signet" "$@"
}

sign=(sign --kind access --subject billing --audience https://orders.example
  --scope orders.read --client-id billing)

# The server is ready as soon as it answers.
until token=$("$signet" "${sign[@]}" 2>/dev/null); do
  kill -0 "$server" || exit
  sleep 0.1
done

show "${sign[@]}"
show verify --policy orders "$token"
show introspect --policy orders "$token"

printf '\nServing. Repeat any of these with the path %s; stop with Ctrl-C.\n' "$signet"
wait "$server"
