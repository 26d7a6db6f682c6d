#ifndef SIGNET_SERVICE_ACCESS_SIGN_RIGHTS_H_
#define SIGNET_SERVICE_ACCESS_SIGN_RIGHTS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "service/access/text_pattern.h"
#include "signer/token_request.h"
#include "signet/config/v1/config.pb.h"
#include "verifier/validation_policy.h"

namespace signet {

// SignsAs reports whether Signet signs as an issuer.
using SignsAs = absl::FunctionRef<bool(const std::string& issuer)>;

// SignRights says which tokens somebody may ask for. What it does not name is
// not allowed.
class SignRights {
 public:
  // Create returns InvalidArgument, beginning with the field at fault, for
  // rights that would allow nothing, or that cannot be meant.
  static absl::StatusOr<SignRights> Create(const config::v1::SignRights& config,
                                           SignsAs signs_as);

  // Allow reports whether all of a request is allowed. It does not have to be
  // one that could be fulfilled.
  bool Allow(absl::string_view issuer, const TokenRequest& request) const;

  // max_lifetime is how long a token may live, if that is limited.
  const std::optional<absl::Duration>& max_lifetime() const {
    return max_lifetime_;
  }

 private:
  SignRights() = default;

  bool AllowParties(const TokenRequest& request) const;
  bool AllowClaims(const TokenRequest& request) const;

  std::vector<std::string> issuers_;
  std::vector<TokenKind> kinds_;
  TextPatterns subjects_;
  TextPatterns audiences_;
  TextPatterns scopes_;
  TextPatterns client_ids_;
  std::optional<absl::Duration> max_lifetime_;
  bool custom_claims_ = false;
  bool authentication_ = false;
};

}  // namespace signet

#endif  // SIGNET_SERVICE_ACCESS_SIGN_RIGHTS_H_
