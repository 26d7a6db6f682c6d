#ifndef SIGNET_TESTS_SIGNER_SIGNING_KEYS_H_
#define SIGNET_TESTS_SIGNER_SIGNING_KEYS_H_

#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "jose/algorithm.h"
#include "keys/key_cache.h"
#include "keys/signing_key.h"

namespace signet {

// NewKey generates a key; see SigningKey::Generate.
SigningKey NewKey(Algorithm algorithm, absl::string_view key_id = "");

// OneKeyPerAlgorithm returns a key for each algorithm, in their order, with
// the algorithm's name for a `kid`. All RSA keys are one key, because they take
// long to make.
SigningKeys OneKeyPerAlgorithm();

// TrustIn returns the public halves of `keys`, as those of `issuer`.
std::shared_ptr<const KeyCache> TrustIn(const std::string& issuer,
                                        const SigningKeys& keys);

}  // namespace signet

#endif  // SIGNET_TESTS_SIGNER_SIGNING_KEYS_H_
