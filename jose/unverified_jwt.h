#ifndef SIGNET_JOSE_UNVERIFIED_JWT_H_
#define SIGNET_JOSE_UNVERIFIED_JWT_H_

#include <string>

#include "absl/strings/string_view.h"
#include "jose/claims_set.h"
#include "jose/jose_header.h"
#include "jose/rejection.h"

namespace signet {

// UnverifiedJwt is a well-formed JSON Web Token (RFC 7519) about which nothing
// else is known. Its claims are hearsay; only JwtVerifier makes facts of them.
struct UnverifiedJwt {
  JoseHeader header;
  ClaimsSet claims;
  std::string signature;
  // Points into the string that was parsed.
  absl::string_view signing_input;

  // Parse keeps a view into `compact`, which must outlive the result.
  static RejectionOr<UnverifiedJwt> Parse(absl::string_view compact);
};

}  // namespace signet

#endif  // SIGNET_JOSE_UNVERIFIED_JWT_H_
