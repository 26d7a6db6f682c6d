#ifndef SIGNET_KEYS_ROCA_H_
#define SIGNET_KEYS_ROCA_H_

#include "openssl/base.h"

namespace signet {

// HasRocaFingerprint tells whether an RSA modulus looks like those of the
// Infineon library of CVE-2017-15361 ("ROCA"), which can be factored. About
// one sound modulus in 2^28 looks so by chance.
bool HasRocaFingerprint(const BIGNUM* modulus);

}  // namespace signet

#endif  // SIGNET_KEYS_ROCA_H_
