#!/bin/bash
# README shows the example clients as they are.
set -euo pipefail
shopt -s extglob

readme=$(<README.md)
clients=0
for file in examples/clients/*.*; do
  [[ $readme == *$'\n```'+([a-z])$'\n'"$(<"$file")"$'\n```\n'* ]] ||
    { echo "README.md does not show $file as it is"; exit 1; }
  ((clients += 1))
done
echo "$clients clients"
((clients == 5)) || { echo "expected five"; exit 1; }
