#!/bin/bash
# gRPC brings OpenSSL into the process, and BoringSSL has functions of the same
# names: the dynamic linker must have no way to mix the two up. So the server
# exports none of BoringSSL's symbols, and imports none that BoringSSL has.
#
#   symbols_test.sh SIGNET BORINGSSL_LIBRARY..
set -euo pipefail

signet=$1
work=$TEST_TMPDIR

fail() {
  echo "FAILED $1" >&2
  exit 1
}

# Names without their versions: "EVP_sha256@OPENSSL_3.0.0".
names() {
  nm --format=posix "$@" | cut -d' ' -f1 | sed 's/@.*//' | sort -u
}

# BoringSSL's own list of what it defines.
for library in "${@:2}"; do
  # Where the runfiles have what Bazel calls external.
  library=${library/#external\//../}
  [[ $library != *.a ]] || nm --quiet --format=posix --defined-only --extern-only "$library"
done | awk 'NF >= 3 { print $1 }' | sort -u >"$work/boringssl"
for name in ECDSA_do_verify RSA_verify ED25519_verify EVP_sha256 HMAC BN_new X509_free; do
  grep -qx "$name" "$work/boringssl" || fail "BoringSSL's list has no $name: it is not the list"
done
[[ $(wc -l <"$work/boringssl") -gt 1000 ]] || fail "BoringSSL's list is too short to be true"

# The binary does contain BoringSSL: else all that follows would prove nothing.
names --defined-only "$signet" >"$work/all"
for name in ECDSA_do_verify RSA_verify ED25519_verify; do
  grep -qx "$name" "$work/all" || fail "the binary has no $name: is it stripped, or linked otherwise?"
done

names --dynamic --defined-only "$signet" >"$work/exported"
names --dynamic --undefined-only "$signet" >"$work/imported"
grep -q . "$work/exported" || fail "nm found no exported symbol"
grep -qx 'malloc' "$work/imported" || fail "nm found no import of malloc"

exported=$(comm -12 "$work/boringssl" "$work/exported")
[[ -z $exported ]] || fail "the binary exports BoringSSL's symbols: $exported"

# A name that both libraries have would come from OpenSSL.
imported=$(comm -12 "$work/boringssl" "$work/imported")
[[ -z $imported ]] || fail "the binary imports what BoringSSL has: $imported"

# Hooks that BoringSSL leaves open for whoever embeds it. OpenSSL has none of
# the kind.
allowed='OPENSSL_memory_(alloc|free|get_size)'
others=$(grep -E '^_?(OPENSSL|CRYPTO|SSL|EVP|RSA|ECDSA|EC|BN|HMAC|ED25519|X509|PEM|ERR|RAND)_' \
  "$work/imported" | grep -vxE "$allowed" || true)
[[ -z $others ]] || fail "the binary imports from OpenSSL: $others"

# Nor does anything that it loads define those hooks.
ldd "$signet" | sed -n 's/.* => \([^ ]*\) (.*/\1/p' >"$work/libraries"
grep -q 'libcrypto' "$work/libraries" || fail "OpenSSL is not loaded: this test has lost its point"
while read -r library; do
  hooks=$(names --dynamic --defined-only "$library" | grep -xE "$allowed" || true)
  [[ -z $hooks ]] || fail "$library defines $hooks"
done <"$work/libraries"

echo "$(wc -l <"$work/boringssl") symbols of BoringSSL: none of $(wc -l <"$work/exported") exported," \
  "none of $(wc -l <"$work/imported") imported"
