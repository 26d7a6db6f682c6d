#!/bin/bash
# Runs a test under Node.js:
#
#   run_node.sh TEST.js SIGNET PROTO_FOLDER
set -euo pipefail

export SIGNET=$2 PROTO_FOLDER=$3
# The packages of the lock file, and no others. Node would otherwise follow
# the links in the runfiles to wherever the files came from.
export NODE_PATH=$TEST_SRCDIR/npm/node_modules
exec node --preserve-symlinks --preserve-symlinks-main "$1"
