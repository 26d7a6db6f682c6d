#!/bin/bash
# Puts Signet where Debian's packages put things. What is there is replaced, but
# for a configuration, which is the operator's.
#
#   deploy/install.sh SIGNET [--prefix DIR]    DIR: /usr/local, unless given
#
# DESTDIR, in the environment, is put in front of all paths.
set -euo pipefail

usage() {
  echo "usage: install [--prefix DIR]" >&2
  exit 2
}

signet=$1
prefix=/usr/local
case $#/${2:-} in
  1/) ;;
  3/--prefix) prefix=$3 ;;
  2/--prefix=*) prefix=${2#*=} ;;
  *) usage ;;
esac
[[ $prefix == /* ]] || usage
# What belongs to /usr is configured in /etc.
etc=$prefix/etc
[[ $prefix != /usr ]] || etc=/etc
root=${DESTDIR:-}

put() { install -D --mode="$1" --target-directory="$root$2" "${@:3}"; }

# The unit, and the configuration, name files by where they are.
put_located() {
  install -D --mode=0644 /dev/stdin "$root$2" < <(
    sed "s#/usr/\(bin\|share\)/#$prefix/\1/#g; s#/etc/signet/#$etc/signet/#g" "$1")
}

put 0755 "$prefix/bin" "$signet"
put_located deploy/systemd/signet.service "$prefix/lib/systemd/system/signet.service"
put 0644 "$prefix/share/signet/proto/signet/v1" proto/signet/v1/*.proto
put 0644 "$prefix/share/doc/signet" LICENSE {README,OPERATIONS,SECURITY}.md \
  proto/signet/config/v1/config.proto
put 0644 "$prefix/share/doc/signet/examples" examples/*.yaml
if [[ ! -e $root$etc/signet/signet.yaml ]]; then
  put_located deploy/systemd/signet.yaml "$etc/signet/signet.yaml"
fi
