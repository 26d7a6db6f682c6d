#ifndef SIGNET_SERVICE_ACCESS_BEARER_TOKENS_H_
#define SIGNET_SERVICE_ACCESS_BEARER_TOKENS_H_

#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "service/access/caller.h"
#include "service/freshness.h"
#include "service/remote_issuers.h"
#include "verifier/jwt_verifier.h"
#include "verifier/validation_policy.h"

namespace signet {

// CheckBearerPolicy returns InvalidArgument unless tokens that `policy` accepts
// can have been meant for Signet: it names an audience, and is not for ID
// tokens, which are about somebody and not from them.
absl::Status CheckBearerPolicy(const ValidationPolicy& policy);

// BearerTokens knows callers by the tokens that they show, as any other service
// that asks Signet does. May be used from many threads at once.
class BearerTokens {
 public:
  // `policy` has passed CheckBearerPolicy.
  BearerTokens(JwtVerifier verifier, ValidationPolicy policy,
               std::shared_ptr<RemoteIssuers> remote,
               std::shared_ptr<const Freshness> freshness)
      : verifier_(std::move(verifier)),
        policy_(std::move(policy)),
        remote_(std::move(remote)),
        freshness_(std::move(freshness)) {}

  // Identify returns who holds the token of "Bearer TOKEN" (RFC 6750 section
  // 2.1). Unauthenticated, without a reason, if it is not accepted;
  // Unavailable, with an AwaitedIssuer where that helps, if that cannot be
  // decided.
  absl::StatusOr<Caller> Identify(absl::string_view authorization,
                                  absl::Time now) const;

 private:
  JwtVerifier verifier_;
  ValidationPolicy policy_;
  std::shared_ptr<RemoteIssuers> remote_;
  std::shared_ptr<const Freshness> freshness_;
};

// NotAuthenticated is the answer to every token that is not accepted.
absl::Status NotAuthenticated();

}  // namespace signet

#endif  // SIGNET_SERVICE_ACCESS_BEARER_TOKENS_H_
