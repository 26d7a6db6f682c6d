#ifndef SIGNET_KEYS_PSS_ENCODING_H_
#define SIGNET_KEYS_PSS_ENCODING_H_

#include <cstdint>

#include "absl/types/span.h"
#include "keys/digest.h"

namespace signet {

// IsPssEncoding says whether `encoded`, as long as the modulus, is an
// EMSA-PSS encoding of `digest` for a modulus of `modulus_bits` bits (RFC 8017
// section 9.1.2), with MGF1, `hash` throughout and a salt as long as the hash,
// as RFC 7518 section 3.5 demands. The answer is the one of BoringSSL's
// RSA_verify_PKCS1_PSS_mgf1, which allocates twice for it. At most kMaxRsaBits.
bool IsPssEncoding(absl::Span<const uint8_t> encoded, unsigned modulus_bits,
                   const Digest& digest, const EVP_MD* hash);

}  // namespace signet

#endif  // SIGNET_KEYS_PSS_ENCODING_H_
