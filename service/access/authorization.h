#ifndef SIGNET_SERVICE_ACCESS_AUTHORIZATION_H_
#define SIGNET_SERVICE_ACCESS_AUTHORIZATION_H_

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "service/access/caller.h"
#include "service/access/exchange_rights.h"
#include "service/access/role.h"
#include "service/access/sign_rights.h"
#include "signer/token_request.h"
#include "signet/config/v1/config.pb.h"

namespace signet {

// ConfiguredNames tells what grants can name.
struct ConfiguredNames {
  SignsAs signs_as;
  HasPolicy has_policy;
};

// Authorization is who may do what: the grants of a configuration. Immutable.
// Nobody has what is not granted; an unidentified caller has nothing.
class Authorization {
 public:
  // Create returns InvalidArgument, beginning with the field at fault, if the
  // grants cannot be meant.
  static absl::StatusOr<Authorization> Create(
      const config::v1::Authorization& config, const ConfiguredNames& names);

  // Holds reports whether `caller` has been granted `role`.
  bool Holds(const Caller& caller, Role role) const;

  // FindSignRights returns those of the first grant that allow `caller` all of
  // the request; null, if none does. They live as long as this.
  const SignRights* FindSignRights(const Caller& caller,
                                   absl::string_view issuer,
                                   const TokenRequest& request) const;

  // FindExchangeRights is the same for ExchangeRights::Allow.
  const ExchangeRights* FindExchangeRights(const Caller& caller,
                                           absl::string_view subject_policy,
                                           absl::string_view issuer,
                                           const TokenRequest& request) const;

 private:
  struct Grant {
    std::vector<Role> roles;
    std::optional<SignRights> sign;          // With Role::kSign.
    std::optional<ExchangeRights> exchange;  // With Role::kExchange.
  };
  // Places in grants_, in their order.
  using Places = std::vector<size_t>;

  Authorization() = default;

  absl::Status AddGrant(const config::v1::Grant& config,
                        const ConfiguredNames& names);
  absl::Status AddCallers(const config::v1::Grant& config, size_t place);
  absl::Status AddCaller(const config::v1::CallerPattern& pattern,
                         size_t place);
  // The places of the grants of `caller`, in their order.
  Places FindPlaces(const Caller& caller) const;

  std::vector<Grant> grants_;
  // By the name of the caller.
  absl::flat_hash_map<std::string, Places> by_name_;
  // What SPIFFE IDs below one begin with. As many as the operator named: the
  // caller, who chooses how many segments an ID has, does not choose the work.
  std::vector<std::pair<std::string, size_t>> spiffe_beginnings_;
};

}  // namespace signet

#endif  // SIGNET_SERVICE_ACCESS_AUTHORIZATION_H_
