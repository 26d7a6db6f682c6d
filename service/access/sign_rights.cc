#include "service/access/sign_rights.h"

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/repeated_ptr_field.h"
#include "service/config_duration.h"
#include "service/config_field.h"
#include "service/enum_conversion.h"
#include "signer/jwt_signer.h"

namespace signet {
namespace {

using Texts = google::protobuf::RepeatedPtrField<std::string>;

absl::Status ReadPatterns(absl::string_view field, const Texts& texts,
                          TextPatterns& patterns) {
  for (int i = 0; i < texts.size(); ++i) {
    absl::StatusOr<TextPattern> pattern = TextPattern::Parse(texts[i]);
    if (!pattern.ok()) {
      return AtField(absl::StrCat(field, "[", i, "]"), pattern.status());
    }
    patterns.push_back(*std::move(pattern));
  }
  return absl::OkStatus();
}

absl::Status ReadIssuers(const Texts& texts, SignsAs signs_as,
                         std::vector<std::string>& issuers) {
  if (texts.empty()) {
    return absl::InvalidArgumentError("issuers: name at least one");
  }
  for (int i = 0; i < texts.size(); ++i) {
    if (!signs_as(texts[i])) {
      return absl::InvalidArgumentError(
          absl::StrCat("issuers[", i, "]: Signet does not sign as it"));
    }
    issuers.push_back(texts[i]);
  }
  return absl::OkStatus();
}

absl::Status ReadKinds(const google::protobuf::RepeatedField<int>& messages,
                       std::vector<TokenKind>& kinds) {
  if (messages.empty()) {
    return absl::InvalidArgumentError(
        "kinds: name at least one: ACCESS_TOKEN, ID_TOKEN or JWT");
  }
  for (int i = 0; i < messages.size(); ++i) {
    const std::optional<TokenKind> kind =
        TokenKindFromMessage(static_cast<v1::TokenKind>(messages[i]));
    if (!kind) {
      return absl::InvalidArgumentError(absl::StrCat(
          "kinds[", i, "]: must be ACCESS_TOKEN, ID_TOKEN or JWT"));
    }
    kinds.push_back(*kind);
  }
  return absl::OkStatus();
}

absl::Status ReadMaxLifetime(const config::v1::SignRights& config,
                             std::optional<absl::Duration>& max_lifetime) {
  absl::Status read = ReadDuration("max_lifetime", config.has_max_lifetime(),
                                   config.max_lifetime(), max_lifetime);
  if (!read.ok() || !max_lifetime) return read;
  if (*max_lifetime != absl::Floor(*max_lifetime, absl::Seconds(1)) ||
      *max_lifetime > kMaxTokenLifetime) {
    return absl::InvalidArgumentError(
        absl::StrCat("max_lifetime: must be whole seconds, from 1s to ",
                     absl::FormatDuration(kMaxTokenLifetime)));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<SignRights> SignRights::Create(
    const config::v1::SignRights& config, SignsAs signs_as) {
  SignRights rights;
  absl::Status read = ReadIssuers(config.issuers(), signs_as, rights.issuers_);
  read.Update(ReadKinds(config.kinds(), rights.kinds_));
  read.Update(ReadPatterns("subjects", config.subjects(), rights.subjects_));
  if (config.audiences().empty()) {
    read.Update(absl::InvalidArgumentError("audiences: name at least one"));
  }
  read.Update(ReadPatterns("audiences", config.audiences(), rights.audiences_));
  read.Update(ReadPatterns("scopes", config.scopes(), rights.scopes_));
  read.Update(
      ReadPatterns("client_ids", config.client_ids(), rights.client_ids_));
  read.Update(ReadMaxLifetime(config, rights.max_lifetime_));
  if (!read.ok()) return read;
  rights.custom_claims_ = config.custom_claims();
  rights.authentication_ = config.authentication();
  return rights;
}

bool SignRights::Allow(absl::string_view issuer,
                       const TokenRequest& request) const {
  return absl::c_linear_search(issuers_, issuer) &&
         absl::c_linear_search(kinds_, request.kind) && AllowParties(request) &&
         AllowClaims(request) &&
         (!request.lifetime || !max_lifetime_ ||
          *request.lifetime <= *max_lifetime_);
}

// To whom, about whom and for whom it is. What is empty is not in the token.
bool SignRights::AllowParties(const TokenRequest& request) const {
  const auto allow = [](const TextPatterns& patterns, absl::string_view text) {
    return text.empty() || signet::Allow(patterns, text);
  };
  return allow(subjects_, request.subject) &&
         allow(client_ids_, request.client_id) &&
         allow(client_ids_, request.authorized_party) &&
         absl::c_all_of(request.audiences, [&](const std::string& audience) {
           return signet::Allow(audiences_, audience);
         });
}

bool SignRights::AllowClaims(const TokenRequest& request) const {
  const bool says_how_authenticated =
      request.authenticated_at ||
      !request.authentication_context_class.empty() ||
      !request.authentication_methods.empty();
  return (custom_claims_ || request.custom_claims_json.empty()) &&
         (authentication_ || !says_how_authenticated) &&
         absl::c_all_of(request.scopes, [&](const std::string& scope) {
           return signet::Allow(scopes_, scope);
         });
}

}  // namespace signet
