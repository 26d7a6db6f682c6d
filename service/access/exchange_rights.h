#ifndef SIGNET_SERVICE_ACCESS_EXCHANGE_RIGHTS_H_
#define SIGNET_SERVICE_ACCESS_EXCHANGE_RIGHTS_H_

#include <string>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "service/access/sign_rights.h"
#include "signer/token_request.h"
#include "signet/config/v1/config.pb.h"

namespace signet {

// HasPolicy reports whether there is a policy of a name.
using HasPolicy = absl::FunctionRef<bool(const std::string& policy)>;

// ExchangeRights says which tokens somebody may exchange for which (RFC 8693).
// What it does not name is not allowed.
class ExchangeRights {
 public:
  // Create returns InvalidArgument, beginning with the field at fault, for
  // rights that would allow nothing, or that cannot be meant.
  static absl::StatusOr<ExchangeRights> Create(
      const config::v1::ExchangeRights& config, SignsAs signs_as,
      HasPolicy has_policy);

  // Allow reports whether a token that `subject_policy` accepts may be
  // exchanged for all of `request`; whoever it is about, if that has no subject
  // yet.
  bool Allow(absl::string_view subject_policy, absl::string_view issuer,
             const TokenRequest& request) const;

  // tokens are the rights that the new tokens keep to.
  const SignRights& tokens() const { return tokens_; }

 private:
  explicit ExchangeRights(SignRights tokens) : tokens_(std::move(tokens)) {}

  absl::flat_hash_set<std::string> subject_policies_;
  SignRights tokens_;
};

}  // namespace signet

#endif  // SIGNET_SERVICE_ACCESS_EXCHANGE_RIGHTS_H_
