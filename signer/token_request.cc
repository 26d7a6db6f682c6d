#include "signer/token_request.h"

#include "absl/algorithm/container.h"
#include "absl/strings/string_view.h"

namespace signet {
namespace {

absl::Status Refuse(absl::string_view problem) {
  return absl::InvalidArgumentError(problem);
}

absl::Status CheckSubjectAndAudiences(const TokenRequest& request) {
  if (request.subject.empty() && request.kind != TokenKind::kJwt) {
    return Refuse("subject: required for tokens of this kind");
  }
  if (request.audiences.empty()) {
    return Refuse("audiences: name at least one");
  }
  if (absl::c_linear_search(request.audiences, "")) {
    return Refuse("audiences: one is empty");
  }
  return absl::OkStatus();
}

// RFC 6749 section 3.3: scope-token = 1*( %x21 / %x23-5B / %x5D-7E ).
bool IsScopeToken(absl::string_view scope) {
  return !scope.empty() && absl::c_all_of(scope, [](char c) {
    return c >= 0x21 && c <= 0x7E && c != '"' && c != '\\';
  });
}

absl::Status CheckAuthorization(const TokenRequest& request) {
  if (!absl::c_all_of(request.scopes, IsScopeToken)) {
    return Refuse(
        "scopes: each must be printable ASCII without space, quote and "
        "backslash");
  }
  if (request.kind == TokenKind::kIdToken && !request.scopes.empty()) {
    return Refuse("scopes: ID tokens have none");
  }
  const bool is_access_token = request.kind == TokenKind::kAccessToken;
  if (is_access_token && request.client_id.empty()) {
    return Refuse("client_id: required for access tokens");
  }
  if (!is_access_token && !request.client_id.empty()) {
    return Refuse("client_id: only for access tokens");
  }
  return absl::OkStatus();
}

absl::Status CheckIdTokenFields(const TokenRequest& request) {
  if (request.kind == TokenKind::kIdToken) {
    if (request.audiences.size() > 1 && request.authorized_party.empty()) {
      return Refuse("authorized_party: required with several audiences");
    }
    return absl::OkStatus();
  }
  if (!request.nonce.empty()) return Refuse("nonce: only for ID tokens");
  if (!request.authorized_party.empty()) {
    return Refuse("authorized_party: only for ID tokens");
  }
  if (!request.access_token.empty()) {
    return Refuse("access_token: only for ID tokens");
  }
  return absl::OkStatus();
}

absl::Status CheckAuthentication(const TokenRequest& request, absl::Time now) {
  if (request.kind == TokenKind::kJwt) {
    if (request.authenticated_at ||
        !request.authentication_context_class.empty() ||
        !request.authentication_methods.empty()) {
      return Refuse(
          "authenticated_at, authentication_context_class, "
          "authentication_methods: only for access tokens and ID tokens");
    }
    return absl::OkStatus();
  }
  if (request.authenticated_at &&
      (*request.authenticated_at > now ||
       *request.authenticated_at < absl::UnixEpoch())) {
    return Refuse("authenticated_at: lies in the future, or before 1970");
  }
  if (absl::c_linear_search(request.authentication_methods, "")) {
    return Refuse("authentication_methods: one is empty");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckTokenRequest(const TokenRequest& request, absl::Time now) {
  absl::Status status = CheckSubjectAndAudiences(request);
  status.Update(CheckAuthorization(request));
  status.Update(CheckIdTokenFields(request));
  status.Update(CheckAuthentication(request, now));
  return status;
}

}  // namespace signet
