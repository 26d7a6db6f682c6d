#ifndef SIGNET_VERIFIER_SIGNATURE_H_
#define SIGNET_VERIFIER_SIGNATURE_H_

#include "absl/strings/string_view.h"
#include "keys/verification_key.h"

namespace signet {

// VerifySignature checks `signature` over `signing_input` with the algorithm
// bound to `key`, never one chosen by a token. Signatures have exactly the
// form of RFC 7518 section 3 and RFC 8037 section 3.1: ECDSA 64, 96 or 132
// bytes, RSA as many as the modulus, PSS with a salt as long as the hash,
// Ed25519 with S below the group order.
bool VerifySignature(const VerificationKey& key,
                     absl::string_view signing_input,
                     absl::string_view signature);

}  // namespace signet

#endif  // SIGNET_VERIFIER_SIGNATURE_H_
