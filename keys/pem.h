#ifndef SIGNET_KEYS_PEM_H_
#define SIGNET_KEYS_PEM_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "jose/algorithm.h"
#include "keys/key_material.h"
#include "keys/signing_key.h"
#include "keys/verification_key.h"

namespace signet {

// PemOptions adds what a PEM file cannot say.
struct PemOptions {
  // Empty: the key's JWK thumbprint (RFC 7638).
  std::string key_id;
  // Required for RSA keys, which could serve several; an EC or Ed25519 key
  // determines it.
  std::optional<Algorithm> algorithm;
  KeyLimits limits;
};

// ParsePublicPem reads one PEM block (RFC 7468): "PUBLIC KEY" or "RSA PUBLIC
// KEY". Everything else is refused with InvalidArgument, private keys too.
absl::StatusOr<VerificationKey> ParsePublicPem(absl::string_view pem,
                                               const PemOptions& options);

// ParsePrivatePem reads one PEM block: "PRIVATE KEY", "RSA PRIVATE KEY" or "EC
// PRIVATE KEY", unencrypted.
absl::StatusOr<SigningKey> ParsePrivatePem(absl::string_view pem,
                                           const PemOptions& options);

}  // namespace signet

#endif  // SIGNET_KEYS_PEM_H_
