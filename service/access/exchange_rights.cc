#include "service/access/exchange_rights.h"

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "service/config_field.h"

namespace signet {
namespace {

// What Exchange can put into a token.
absl::Status CheckTokens(const config::v1::SignRights& tokens) {
  if (absl::c_linear_search(tokens.kinds(), v1::TOKEN_KIND_ID_TOKEN)) {
    return absl::InvalidArgumentError(
        "tokens.kinds: ID tokens are not what tokens are exchanged for");
  }
  if (tokens.subjects().empty()) {
    return absl::InvalidArgumentError("tokens.subjects: name at least one");
  }
  if (tokens.custom_claims()) {
    return absl::InvalidArgumentError(
        "tokens.custom_claims: has no effect; Exchange sets none");
  }
  if (tokens.authentication()) {
    return absl::InvalidArgumentError(
        "tokens.authentication: has no effect; Exchange does not say it");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<ExchangeRights> ExchangeRights::Create(
    const config::v1::ExchangeRights& config, SignsAs signs_as,
    HasPolicy has_policy) {
  if (config.subject_policies().empty()) {
    return absl::InvalidArgumentError("subject_policies: name at least one");
  }
  absl::StatusOr<SignRights> tokens =
      SignRights::Create(config.tokens(), signs_as);
  if (!tokens.ok()) return InField("tokens", tokens.status());
  const absl::Status fits = CheckTokens(config.tokens());
  if (!fits.ok()) return fits;
  ExchangeRights rights(*std::move(tokens));
  for (int i = 0; i < config.subject_policies_size(); ++i) {
    if (!has_policy(config.subject_policies(i))) {
      return absl::InvalidArgumentError(
          absl::StrCat("subject_policies[", i, "]: is not configured"));
    }
    rights.subject_policies_.insert(config.subject_policies(i));
  }
  return rights;
}

bool ExchangeRights::Allow(absl::string_view subject_policy,
                           absl::string_view issuer,
                           const TokenRequest& request) const {
  return subject_policies_.contains(subject_policy) &&
         tokens_.Allow(issuer, request);
}

}  // namespace signet
