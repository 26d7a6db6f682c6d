#ifndef SIGNET_TESTS_CONFORMANCE_RFC_EXAMPLES_H_
#define SIGNET_TESTS_CONFORMANCE_RFC_EXAMPLES_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "jose/json.h"
#include "keys/verification_key.h"

namespace signet {

// KeyFileCase is what becomes of a file with one key.
struct KeyFileCase {
  absl::string_view path;
  // Why it is refused; empty if it is accepted.
  const char* as_public;
  const char* as_private;
};

// Two of these reasons.
inline constexpr char kNoAlgorithm[] =
    "the key has no alg, and its type does not determine one; name the "
    "algorithm it is for";
inline constexpr char kPrivate[] =
    "the key is private (it has d), where a public one is expected; export "
    "its public half";

// CompactForms returns the signatures of a JWS in JSON serialization (RFC 7515
// section 7.2), each as a JWS in compact serialization; nothing for one that
// has no protected header, and so cannot be written that way. `detached` is
// the encoded payload of a JWS that has none.
std::vector<std::optional<std::string>> CompactForms(
    JsonObject jws, absl::string_view detached);

// ExpectVerifies fails the test unless `compact` parses, names the algorithm
// of `key` and verifies with it, and no longer does once a bit of any byte of
// the signature, or of what is signed, is flipped.
void ExpectVerifies(const VerificationKey& key, absl::string_view compact,
                    absl::string_view where);

// ReadExampleKey reads a JWK from an RFC, whole or public, which verifies with
// `algorithm` unless it names one itself. If it cannot be used, the test
// fails.
std::optional<VerificationKey> ReadExampleKey(JsonObject jwk,
                                              Algorithm algorithm,
                                              absl::string_view where);

}  // namespace signet

#endif  // SIGNET_TESTS_CONFORMANCE_RFC_EXAMPLES_H_
