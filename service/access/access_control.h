#ifndef SIGNET_SERVICE_ACCESS_ACCESS_CONTROL_H_
#define SIGNET_SERVICE_ACCESS_ACCESS_CONTROL_H_

#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "service/access/authorization.h"
#include "service/access/authorized_sign.h"
#include "service/access/bearer_tokens.h"
#include "service/access/caller.h"
#include "service/access/credentials.h"
#include "service/method.h"
#include "signer/token_request.h"

namespace signet {

// AccessControl decides who may call what, before anything else is looked at.
// Who may not is told so, and nothing else. May be used from many threads at
// once.
class AccessControl {
 public:
  // Everybody may do everything, and nobody is asked who they are.
  AccessControl() = default;

  // Without `bearer_tokens`, no token is accepted.
  AccessControl(Authorization authorization,
                std::optional<BearerTokens> bearer_tokens)
      : authorization_(std::move(authorization)),
        bearer_tokens_(std::move(bearer_tokens)) {}

  // is_open reports whether everybody may do everything.
  bool is_open() const { return !authorization_; }

  // Identify returns who calls. Unauthenticated, if they show a token that is
  // not accepted, whatever else they show; Unavailable as for BearerTokens.
  absl::StatusOr<Caller> Identify(const Credentials& credentials,
                                  absl::Time now) const;

  // Permit returns PermissionDenied unless `caller` may call `method`.
  absl::Status Permit(const Caller& caller, Method method) const;

  // AuthorizeSign returns PermissionDenied unless `caller` may ask for all of
  // this token.
  absl::StatusOr<AuthorizedSign> AuthorizeSign(const Caller& caller,
                                               std::string issuer,
                                               TokenRequest request) const;

  // CheckExchange returns PermissionDenied unless `caller` may exchange tokens
  // that `subject_policy` accepts for such a one, whoever it will be about. Not
  // for when everybody may do everything: nobody is known then.
  absl::Status CheckExchange(const Caller& caller,
                             absl::string_view subject_policy,
                             absl::string_view issuer,
                             const TokenRequest& request) const;

  // AuthorizeExchange is AuthorizeSign for a token in exchange for another.
  absl::StatusOr<AuthorizedSign> AuthorizeExchange(
      const Caller& caller, absl::string_view subject_policy,
      std::string issuer, TokenRequest request) const;

 private:
  std::optional<Authorization> authorization_;
  std::optional<BearerTokens> bearer_tokens_;
};

// NotPermitted is the answer to every caller who may not do something.
absl::Status NotPermitted();

}  // namespace signet

#endif  // SIGNET_SERVICE_ACCESS_ACCESS_CONTROL_H_
