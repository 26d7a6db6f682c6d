#include "service/access/access_control.h"

#include <algorithm>

#include "service/access/role.h"

namespace signet {

absl::StatusOr<Caller> AccessControl::Identify(const Credentials& credentials,
                                               absl::Time now) const {
  if (is_open()) return Caller::Anonymous();
  // A token that is not accepted makes nobody of the caller: one who shows it
  // does not mean to be somebody else.
  if (!credentials.authorizations.empty()) {
    if (!bearer_tokens_ || credentials.authorizations.size() != 1) {
      return NotAuthenticated();
    }
    return bearer_tokens_->Identify(credentials.authorizations.front(), now);
  }
  if (credentials.user_id) return Caller::OfUser(*credentials.user_id);
  if (!credentials.has_certificate) return Caller::Anonymous();
  return Caller::OfCertificate(credentials.uris, credentials.dns_names);
}

absl::Status AccessControl::Permit(const Caller& caller, Method method) const {
  const bool may = is_open() || authorization_->Holds(caller, RoleFor(method));
  return may ? absl::OkStatus() : NotPermitted();
}

absl::StatusOr<AuthorizedSign> AccessControl::AuthorizeSign(
    const Caller& caller, std::string issuer, TokenRequest request) const {
  if (is_open()) return AuthorizedSign(std::move(issuer), std::move(request));
  const SignRights* const rights =
      authorization_->FindSignRights(caller, issuer, request);
  if (rights == nullptr) return NotPermitted();
  request.max_lifetime = rights->max_lifetime();
  return AuthorizedSign(std::move(issuer), std::move(request));
}

absl::Status AccessControl::CheckExchange(const Caller& caller,
                                          absl::string_view subject_policy,
                                          absl::string_view issuer,
                                          const TokenRequest& request) const {
  const ExchangeRights* const rights = authorization_->FindExchangeRights(
      caller, subject_policy, issuer, request);
  return rights == nullptr ? NotPermitted() : absl::OkStatus();
}

absl::StatusOr<AuthorizedSign> AccessControl::AuthorizeExchange(
    const Caller& caller, absl::string_view subject_policy, std::string issuer,
    TokenRequest request) const {
  const ExchangeRights* const rights = authorization_->FindExchangeRights(
      caller, subject_policy, issuer, request);
  if (rights == nullptr) return NotPermitted();
  const absl::Duration longest =
      rights->tokens().max_lifetime().value_or(absl::InfiniteDuration());
  request.max_lifetime =
      std::min(request.max_lifetime.value_or(longest), longest);
  return AuthorizedSign(std::move(issuer), std::move(request));
}

absl::Status NotPermitted() {
  return absl::PermissionDeniedError("the caller may not do this");
}

}  // namespace signet
