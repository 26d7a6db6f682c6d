#ifndef SIGNET_TESTS_MUTATIONS_H_
#define SIGNET_TESTS_MUTATIONS_H_

#include <cstddef>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "keys/signing_key.h"

namespace signet {

// TokenParts are the three parts of a token, encoded or decoded.
struct TokenParts {
  std::string header;
  std::string payload;
  std::string signature;

  bool operator==(const TokenParts&) const = default;
};

// SplitParts takes `compact`, which has two dots, apart; JoinParts reverses it.
TokenParts SplitParts(absl::string_view compact);
std::string JoinParts(const TokenParts& parts);

// DecodeParts decodes each part of a well-formed token; EncodeParts reverses
// it.
TokenParts DecodeParts(absl::string_view compact);
std::string EncodeParts(const TokenParts& decoded);

// SeededRandom is the same sequence for the same seed, on every machine.
class SeededRandom {
 public:
  explicit SeededRandom(uint64_t seed) : engine_(seed) {}

  // Below returns a number from 0 to `bound` - 1; 0 if `bound` is 0.
  size_t Below(size_t bound) { return bound == 0 ? 0 : engine_() % bound; }
  char Byte() { return static_cast<char>(Below(256)); }
  template <typename T>
  const T& OneOf(absl::Span<const T> choices) {
    return choices[Below(choices.size())];
  }

 private:
  std::mt19937_64 engine_;
};

// MutationInput is a valid token, and what a forger may have beside it.
struct MutationInput {
  std::string token;
  // The key that signed it. Only its public half is used, as if it were the
  // secret of an HMAC.
  const SigningKey& key;
  // Other valid tokens, of this and other keys.
  absl::Span<const std::string> others;
};

// Mutation is one way to change a token. It may give the token back unchanged,
// when it does not apply.
struct Mutation {
  absl::string_view name;
  std::string (*mutate)(const MutationInput& input, SeededRandom& random);
};

// TextMutations change the characters of a token.
absl::Span<const Mutation> TextMutations();

// ContentMutations change what the parts say, and encode them properly.
absl::Span<const Mutation> ContentMutations();

// SignatureMutations do arithmetic on the signature, of the kind that its
// algorithm might overlook.
absl::Span<const Mutation> SignatureMutations();

// NegateS replaces the s of an ECDSA signature by n - s, which is a second
// valid signature over the same bytes.
std::string NegateS(const SigningKey& key, absl::string_view token);

}  // namespace signet

#endif  // SIGNET_TESTS_MUTATIONS_H_
