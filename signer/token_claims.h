#ifndef SIGNET_SIGNER_TOKEN_CLAIMS_H_
#define SIGNET_SIGNER_TOKEN_CLAIMS_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "jose/algorithm.h"
#include "signer/token_request.h"

namespace signet {

// TokenIdentity is what the signer adds to a request.
struct TokenIdentity {
  absl::string_view issuer;
  absl::string_view jwt_id;
  Algorithm algorithm;
  absl::Time issued_at;
  absl::Duration lifetime;
};

// WriteClaims writes the claims set of a token for a request that passed
// CheckTokenRequest. InvalidArgument, if the custom claims are not a JSON
// object, or have a name that is not theirs to set. Times are in whole
// seconds.
absl::StatusOr<std::string> WriteClaims(const TokenRequest& request,
                                        const TokenIdentity& identity);

// TypeOf returns the `typ` of tokens of a kind.
absl::string_view TypeOf(TokenKind kind);

// WriteHeader writes the JOSE header: alg, typ and kid.
std::string WriteHeader(absl::string_view type, Algorithm algorithm,
                        absl::string_view key_id);

}  // namespace signet

#endif  // SIGNET_SIGNER_TOKEN_CLAIMS_H_
