#ifndef SIGNET_KEYS_PREPARED_RSA_H_
#define SIGNET_KEYS_PREPARED_RSA_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/types/span.h"
#include "jose/algorithm.h"
#include "keys/digest.h"
#include "openssl/bn.h"
#include "openssl/rsa.h"

namespace signet {

// PreparedRsa is a public RSA key prepared for many verifications: its
// Montgomery context, and the encoding that PKCS #1 v1.5 signatures must show.
//
// s^e is computed on the stack, with BoringSSL's Montgomery multiplication:
// without the lock that RSA_verify takes to find the context, without its
// allocations, and with one multiplication less of 19. That is 1.1 times as
// fast on one core, with 2048 bits. Immutable, and may be used from many
// threads at once. Takes variable time: all of its input is public.
class PreparedRsa {
 public:
  // Create takes a sound key (CheckPublicMaterial) and an algorithm of its
  // family. Null where BoringSSL has no assembly for this: verify with
  // RSA_verify then.
  static std::unique_ptr<const PreparedRsa> Create(Algorithm algorithm,
                                                   const RSA& rsa);

  // Verify says whether `signature` is one of `digest`, which is made with the
  // algorithm's hash. The answer is always that of BoringSSL's RSA_verify, or
  // of RSA_verify_pss_mgf1 with a salt as long as the hash. Allocates nothing.
  bool Verify(const Digest& digest, absl::Span<const uint8_t> signature) const;

 private:
  PreparedRsa(Algorithm algorithm, const RSA& rsa,
              bssl::UniquePtr<BN_MONT_CTX> montgomery);

  // Writes signature^e modulo n to `power`, both as long as n. False if the
  // signature is not below n.
  bool Raise(absl::Span<const uint8_t> signature,
             absl::Span<uint8_t> power) const;

  Algorithm algorithm_;
  unsigned bits_;
  size_t bytes_;
  uint64_t exponent_ = 0;
  bssl::UniquePtr<BN_MONT_CTX> montgomery_;
  // All of a PKCS #1 v1.5 encoding but the digest; empty for PSS.
  std::vector<uint8_t> encoded_before_digest_;
};

}  // namespace signet

#endif  // SIGNET_KEYS_PREPARED_RSA_H_
