#include "service/access/authorization.h"

#include <utility>

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "fetch/host_name.h"
#include "service/access/spiffe_id.h"
#include "service/config_field.h"

namespace signet {
namespace {

std::optional<Role> RoleFromMessage(int message) {
  switch (message) {
    case config::v1::ROLE_VERIFY:
      return Role::kVerify;
    case config::v1::ROLE_INTROSPECT:
      return Role::kIntrospect;
    case config::v1::ROLE_SIGN:
      return Role::kSign;
    case config::v1::ROLE_REVOKE:
      return Role::kRevoke;
    case config::v1::ROLE_ADMIN:
      return Role::kAdmin;
    case config::v1::ROLE_EXCHANGE:
      return Role::kExchange;
    default:
      return std::nullopt;
  }
}

absl::StatusOr<std::vector<Role>> ReadRoles(const config::v1::Grant& config) {
  if (config.roles().empty()) {
    return absl::InvalidArgumentError("roles: name at least one");
  }
  std::vector<Role> roles;
  for (int i = 0; i < config.roles_size(); ++i) {
    const std::optional<Role> role = RoleFromMessage(config.roles(i));
    if (!role) {
      return absl::InvalidArgumentError(absl::StrCat(
          "roles[", i,
          "]: must be VERIFY, INTROSPECT, SIGN, REVOKE, ADMIN or EXCHANGE"));
    }
    roles.push_back(*role);
  }
  return roles;
}

// Rights come with the roles that they are of, and with no others.
absl::Status CheckRights(const config::v1::Grant& config,
                         const std::vector<Role>& roles) {
  if (absl::c_linear_search(roles, Role::kSign) != config.has_sign()) {
    return absl::InvalidArgumentError(
        "sign: is required with the role SIGN, and only then");
  }
  const bool exchanges = absl::c_linear_search(roles, Role::kExchange);
  if (exchanges != config.has_exchange()) {
    return absl::InvalidArgumentError(
        "exchange: is required with the role EXCHANGE, and only then");
  }
  const bool to_anonymous = absl::c_any_of(
      config.callers(),
      [](const auto& pattern) { return pattern.has_anonymous(); });
  if (exchanges && to_anonymous) {
    return absl::InvalidArgumentError(
        "roles: EXCHANGE is not for anonymous callers; a new token says who "
        "acts");
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> DnsNameOf(const std::string& name) {
  if (IsHostName(name) && absl::AsciiStrToLower(name) == name) {
    return DnsCallerName(name);
  }
  return absl::InvalidArgumentError(
      "dns_name: must be one name in small letters, without wildcards");
}

absl::StatusOr<std::string> SpiffeNameOf(const std::string& id) {
  if (IsWorkloadSpiffeId(id)) return id;
  return absl::InvalidArgumentError(
      "spiffe_id: must be a SPIFFE ID with a path, in its one spelling");
}

absl::StatusOr<std::string> TokenHolderNameOf(
    const config::v1::TokenHolder& holder) {
  if (holder.issuer().empty()) {
    return absl::InvalidArgumentError("token.issuer: is required");
  }
  if (holder.subject().empty() && holder.client_id().empty()) {
    return absl::InvalidArgumentError(
        "token: name a subject, a client_id or both");
  }
  return TokenCallerName(holder.issuer(), holder.subject(), holder.client_id());
}

absl::StatusOr<std::string> AnonymousNameOf(
    const config::v1::CallerPattern& pattern) {
  if (pattern.anonymous()) return Caller::Anonymous().name();
  return absl::InvalidArgumentError("anonymous: must be true, if it is set");
}

// The name, of a pattern that is for one.
absl::StatusOr<std::string> NameOf(const config::v1::CallerPattern& pattern) {
  switch (pattern.pattern_case()) {
    case config::v1::CallerPattern::kSpiffeId:
      return SpiffeNameOf(pattern.spiffe_id());
    case config::v1::CallerPattern::kDnsName:
      return DnsNameOf(pattern.dns_name());
    case config::v1::CallerPattern::kToken:
      return TokenHolderNameOf(pattern.token());
    case config::v1::CallerPattern::kAnonymous:
      return AnonymousNameOf(pattern);
    case config::v1::CallerPattern::kUid:
      return UserCallerName(pattern.uid());
    case config::v1::CallerPattern::kSpiffeBelow:
    case config::v1::CallerPattern::PATTERN_NOT_SET:
      break;
  }
  __builtin_unreachable();
}

}  // namespace

absl::StatusOr<Authorization> Authorization::Create(
    const config::v1::Authorization& config, const ConfiguredNames& names) {
  Authorization authorization;
  for (int i = 0; i < config.grants_size(); ++i) {
    const absl::Status added = authorization.AddGrant(config.grants(i), names);
    if (!added.ok()) return InField(absl::StrCat("grants[", i, "]"), added);
  }
  return authorization;
}

absl::Status Authorization::AddGrant(const config::v1::Grant& config,
                                     const ConfiguredNames& names) {
  absl::StatusOr<std::vector<Role>> roles = ReadRoles(config);
  if (!roles.ok()) return roles.status();
  Grant grant{.roles = *std::move(roles)};
  const absl::Status consistent = CheckRights(config, grant.roles);
  if (!consistent.ok()) return consistent;
  if (config.has_sign()) {
    absl::StatusOr<SignRights> rights =
        SignRights::Create(config.sign(), names.signs_as);
    if (!rights.ok()) return InField("sign", rights.status());
    grant.sign = *std::move(rights);
  }
  if (config.has_exchange()) {
    absl::StatusOr<ExchangeRights> rights = ExchangeRights::Create(
        config.exchange(), names.signs_as, names.has_policy);
    if (!rights.ok()) return InField("exchange", rights.status());
    grant.exchange = *std::move(rights);
  }
  grants_.push_back(std::move(grant));
  return AddCallers(config, grants_.size() - 1);
}

absl::Status Authorization::AddCallers(const config::v1::Grant& config,
                                       size_t place) {
  if (config.callers().empty()) {
    return absl::InvalidArgumentError("callers: name at least one");
  }
  for (int i = 0; i < config.callers_size(); ++i) {
    const std::string field = absl::StrCat("callers[", i, "]");
    const config::v1::CallerPattern& pattern = config.callers(i);
    if (pattern.pattern_case() == config::v1::CallerPattern::PATTERN_NOT_SET) {
      return absl::InvalidArgumentError(absl::StrCat(
          field,
          ": name a spiffe_id, spiffe_below, dns_name, token, uid or "
          "anonymous"));
    }
    const absl::Status added = AddCaller(pattern, place);
    if (!added.ok()) return InField(field, added);
  }
  return absl::OkStatus();
}

absl::Status Authorization::AddCaller(const config::v1::CallerPattern& pattern,
                                      size_t place) {
  if (pattern.pattern_case() == config::v1::CallerPattern::kSpiffeBelow) {
    if (!IsSpiffeId(pattern.spiffe_below())) {
      return absl::InvalidArgumentError(
          "spiffe_below: must be a SPIFFE ID, with a path or without, in its "
          "one spelling");
    }
    spiffe_beginnings_.emplace_back(absl::StrCat(pattern.spiffe_below(), "/"),
                                    place);
    return absl::OkStatus();
  }
  const absl::StatusOr<std::string> name = NameOf(pattern);
  if (!name.ok()) return name.status();
  by_name_[*name].push_back(place);
  return absl::OkStatus();
}

Authorization::Places Authorization::FindPlaces(const Caller& caller) const {
  Places found;
  const auto add = [&](const std::string& name) {
    const auto places = by_name_.find(name);
    if (places == by_name_.end()) return;
    found.insert(found.end(), places->second.begin(), places->second.end());
  };
  switch (caller.kind()) {
    case Caller::Kind::kUnidentified:
      return {};
    case Caller::Kind::kToken:
      add(TokenCallerName(caller.issuer(), caller.subject(), ""));
      add(TokenCallerName(caller.issuer(), "", caller.client_id()));
      break;
    case Caller::Kind::kSpiffe:
      for (const auto& [beginning, place] : spiffe_beginnings_) {
        if (absl::StartsWith(caller.name(), beginning)) found.push_back(place);
      }
      break;
    case Caller::Kind::kAnonymous:
    case Caller::Kind::kDns:
    case Caller::Kind::kUser:
      break;
  }
  add(caller.name());
  absl::c_sort(found);
  return found;
}

bool Authorization::Holds(const Caller& caller, Role role) const {
  return absl::c_any_of(FindPlaces(caller), [&](size_t place) {
    return absl::c_linear_search(grants_[place].roles, role);
  });
}

const SignRights* Authorization::FindSignRights(
    const Caller& caller, absl::string_view issuer,
    const TokenRequest& request) const {
  for (const size_t place : FindPlaces(caller)) {
    const std::optional<SignRights>& rights = grants_[place].sign;
    if (rights && rights->Allow(issuer, request)) return &*rights;
  }
  return nullptr;
}

const ExchangeRights* Authorization::FindExchangeRights(
    const Caller& caller, absl::string_view subject_policy,
    absl::string_view issuer, const TokenRequest& request) const {
  for (const size_t place : FindPlaces(caller)) {
    const std::optional<ExchangeRights>& rights = grants_[place].exchange;
    if (rights && rights->Allow(subject_policy, issuer, request)) {
      return &*rights;
    }
  }
  return nullptr;
}

}  // namespace signet
