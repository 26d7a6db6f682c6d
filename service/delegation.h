#ifndef SIGNET_SERVICE_DELEGATION_H_
#define SIGNET_SERVICE_DELEGATION_H_

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "jose/rejection.h"
#include "service/access/caller.h"
#include "signer/token_request.h"
#include "verifier/verified_jwt.h"

namespace signet {

// Delegate completes a request for a token with which `caller` acts for the
// subject of `old` (RFC 8693 section 4): with that subject; with `act`, which
// names the caller and, within it, who acted before; and with the end of `old`,
// which it is not to outlive. A rejection, if `old` is of no use for that;
// PermissionDenied, if it names others who may act (`may_act`).
//
// `caller` is known: neither anonymous nor unidentified.
absl::StatusOr<RejectionOr<TokenRequest>> Delegate(TokenRequest request,
                                                   const VerifiedJwt& old,
                                                   const Caller& caller,
                                                   absl::Time now);

}  // namespace signet

#endif  // SIGNET_SERVICE_DELEGATION_H_
