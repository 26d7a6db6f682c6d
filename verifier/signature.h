#ifndef SIGNET_VERIFIER_SIGNATURE_H_
#define SIGNET_VERIFIER_SIGNATURE_H_

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
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

// SignatureTask is a signature to be checked. It views everything it names.
struct SignatureTask {
  const VerificationKey* key;  // Not null.
  absl::string_view signing_input;
  absl::string_view signature;
};

// VerifySignatures sets valid[i] to what VerifySignature says of tasks[i]. Both
// have the same size, which may be 0. Keys and algorithms may come in any order
// and mixture. Every signature has a verdict of its own: no other one in
// the batch can change it.
void VerifySignatures(absl::Span<const SignatureTask> tasks,
                      absl::Span<bool> valid);

}  // namespace signet

#endif  // SIGNET_VERIFIER_SIGNATURE_H_
