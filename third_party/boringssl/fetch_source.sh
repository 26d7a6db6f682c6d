#!/bin/bash
# Downloads the upstream tarball of a Debian source package.
#
#   fetch_source.sh PACKAGE UPSTREAM_VERSION OUTPUT
#
# Looks in the machine's own Debian archive, in release trixie, without
# touching the machine's apt configuration or its package lists.
set -euo pipefail

readonly package=$1 version=$2 output=$3
readonly release=trixie

# The first Debian archive that apt is configured with (either list format).
archive=$(apt-get indextargets --format '$(REPO_URI) $(ORIGIN)' 2>/dev/null |
  awk '$2 == "Debian" && $1 !~ /security/ { print $1; exit }')
[[ -n $archive ]] || { echo "apt has no Debian archive; run 'apt-get update' first" >&2; exit 1; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/lists/partial"
# "trusted", because this machine may be older than the release's signing key:
# the build pins the tarball's SHA-256, which is stronger than a signature.
echo "deb-src [trusted=yes] $archive $release main" >"$work/sources.list"

apt=(apt-get -qq
  -o APT::Sandbox::User="$(id -un)"
  -o Dir::Etc::SourceList="$work/sources.list"
  -o Dir::Etc::SourceParts=/dev/null
  -o Dir::State::Lists="$work/lists"
  -o Dir::Cache="$work/cache")

mkdir -p "$work/cache/archives/partial"
"${apt[@]}" update >&2
(cd "$work" && "${apt[@]}" source --download-only --tar-only "$package") >&2
mv "$work/${package}_${version}.orig.tar.xz" "$output"
