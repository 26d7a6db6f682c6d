#!/bin/sh
# Makes the keys in this folder with the openssl command (3.0). They protect
# nothing. Running it again makes new ones, which the tests take as well.
set -eu
cd "$(dirname "$0")"

openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa_pkcs8.pem
openssl rsa -in rsa_pkcs8.pem -traditional -out rsa_pkcs1.pem
openssl pkey -in rsa_pkcs8.pem -pubout -out rsa_spki.pem
openssl rsa -in rsa_pkcs8.pem -RSAPublicKey_out -out rsa_pkcs1_public.pem
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:1024 -out rsa_1024.pem
openssl genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 \
  -out rsa_pss_only.pem
openssl pkey -in rsa_pss_only.pem -pubout -out rsa_pss_only_spki.pem

for curve in P-256 P-384 P-521 P-224 secp256k1; do
  name=$(echo "$curve" | tr 'A-Z' 'a-z' | tr -d '-')
  openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:$curve \
    -out "ec_${name}_pkcs8.pem"
  openssl pkey -in "ec_${name}_pkcs8.pem" -pubout -out "ec_${name}_spki.pem"
done
openssl ec -in ec_p256_pkcs8.pem -out ec_p256_sec1.pem
openssl ec -in ec_p256_pkcs8.pem -pubout -conv_form compressed \
  -out ec_p256_compressed_spki.pem
# The curve in a block of its own before the key, as "ecparam -genkey" writes.
openssl ecparam -name prime256v1 -genkey -out ec_p256_with_parameters.pem

openssl genpkey -algorithm ed25519 -out ed25519_pkcs8.pem
openssl pkey -in ed25519_pkcs8.pem -pubout -out ed25519_spki.pem
openssl genpkey -algorithm x25519 -out x25519_pkcs8.pem
openssl pkey -in x25519_pkcs8.pem -pubout -out x25519_spki.pem

openssl pkcs8 -topk8 -in ec_p256_pkcs8.pem -passout pass:secret \
  -out encrypted_pkcs8.pem
openssl rsa -in rsa_pkcs8.pem -traditional -aes128 -passout pass:secret \
  -out encrypted_pkcs1.pem
openssl req -x509 -new -key ec_p256_pkcs8.pem -subj /CN=test -days 36500 \
  -out certificate.pem
