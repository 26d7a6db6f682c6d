#ifndef SIGNET_TESTS_TEST_ISSUER_H_
#define SIGNET_TESTS_TEST_ISSUER_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "jose/algorithm.h"
#include "keys/key_cache.h"
#include "keys/key_set.h"
#include "keys/signing_key.h"
#include "keys/verification_key.h"

namespace signet {

// kTestNow is the present of every test: 2027-01-15T08:00:00Z.
inline const absl::Time kTestNow = absl::FromUnixSeconds(1800000000);

// MakeTestKey returns a fixed key: the same `seed` gives the same key, but for
// RSA, where there is only one (RFC 7515 appendix A.2). An empty `key_id`
// stands for the thumbprint.
SigningKey MakeTestKey(Algorithm algorithm, absl::string_view key_id,
                       absl::string_view seed = "seed");

// CopyPublicKey returns a second VerificationKey for the same key.
VerificationKey CopyPublicKey(const VerificationKey& key);

// SignCompact returns the JWS with this header and payload, as they are.
std::string SignCompact(const SigningKey& key, absl::string_view header,
                        absl::string_view payload);

// TestIssuer mints tokens. It has one key for each algorithm, with the kid
// "<algorithm>-key", for example "ES256-key".
class TestIssuer {
 public:
  // The keys of issuers of different names differ, but for RSA.
  explicit TestIssuer(absl::string_view name);

  // name is the value of `iss`, which Mint does not add by itself.
  const std::string& name() const { return name_; }
  const SigningKey& key(Algorithm algorithm) const;

  // Mint signs `claims` with a header of alg and kid.
  std::string Mint(Algorithm algorithm, absl::string_view claims) const;

  // MintWithHeader signs `claims` with `header`, which may say anything.
  std::string MintWithHeader(Algorithm algorithm, absl::string_view header,
                             absl::string_view claims) const;

  // Keys returns the public halves (and secrets) of all keys.
  KeySet Keys() const;

 private:
  std::string name_;
  std::vector<SigningKey> keys_;
};

// Trust returns the keys of all of `issuers`.
std::shared_ptr<const KeyCache> Trust(
    const std::vector<const TestIssuer*>& issuers);

}  // namespace signet

#endif  // SIGNET_TESTS_TEST_ISSUER_H_
