#ifndef SIGNET_VERIFIER_TOKEN_KIND_CHECK_H_
#define SIGNET_VERIFIER_TOKEN_KIND_CHECK_H_

#include <optional>

#include "jose/rejection.h"
#include "verifier/examination.h"

namespace signet {

// CheckTokenKind tells the three kinds of token apart, so that no token passes
// for two (RFC 8725 sections 3.11 and 3.12):
//   access token  `typ` is at+jwt (RFC 9068 section 4)
//   ID token      `typ` is JWT or absent, there is at least one claim that
//                 OpenID Connect Core defines for ID tokens, and neither scope
//                 nor client_id
//   other JWT     `typ` is JWT or absent, or as the policy says, and there is
//                 none of those claims
std::optional<Rejection> CheckTokenKind(Examination& examination);

}  // namespace signet

#endif  // SIGNET_VERIFIER_TOKEN_KIND_CHECK_H_
