#ifndef SIGNET_TESTS_DIFFERENTIAL_RSA_ENCODINGS_H_
#define SIGNET_TESTS_DIFFERENTIAL_RSA_ENCODINGS_H_

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>

#include "absl/strings/string_view.h"
#include "openssl/digest.h"

namespace signet {

// EncodePkcs1 encodes `message` for a modulus of `bits` bits, as RFC 8017
// section 9.2 has it, or not quite: without the NULL, with the OID or the
// digest of another hash, lengths in BER, garbage behind, padding that is short
// or of other bytes. EncodePss does the same for section 9.1: salts of other
// lengths, other trailers, bits above, separators and hashes.
std::string EncodePkcs1(size_t bits, const EVP_MD* hash,
                        absl::string_view message, std::mt19937_64& random);
std::string EncodePss(size_t bits, const EVP_MD* hash,
                      absl::string_view message, std::mt19937_64& random);

// RandomText is as random as the seed of `random`.
std::string RandomText(size_t size, std::mt19937_64& random);

}  // namespace signet

#endif  // SIGNET_TESTS_DIFFERENTIAL_RSA_ENCODINGS_H_
