#ifndef SIGNET_JOSE_CLAIMS_SET_H_
#define SIGNET_JOSE_CLAIMS_SET_H_

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "jose/json.h"
#include "jose/rejection.h"

namespace signet {

// RegisteredClaims are the claims whose meaning Signet knows, each with the
// type that it must have. Views point into the ClaimsSet.
struct RegisteredClaims {
  std::optional<absl::string_view> issuer;                        // iss
  std::optional<absl::string_view> subject;                       // sub
  std::optional<std::vector<absl::string_view>> audiences;        // aud
  std::optional<absl::Time> expiration;                           // exp
  std::optional<absl::Time> not_before;                           // nbf
  std::optional<absl::Time> issued_at;                            // iat
  std::optional<absl::string_view> jwt_id;                        // jti
  std::optional<absl::string_view> scope;                         // scope
  std::optional<absl::string_view> client_id;                     // client_id
  std::optional<absl::string_view> nonce;                         // nonce
  std::optional<absl::string_view> authorized_party;              // azp
  std::optional<absl::string_view> access_token_hash;             // at_hash
  std::optional<absl::string_view> code_hash;                     // c_hash
  std::optional<absl::Time> authentication_time;                  // auth_time
  std::optional<absl::string_view> authentication_context_class;  // acr
  std::optional<std::vector<absl::string_view>> authentication_methods;  // amr
};

// ClaimsSet is a JWT Claims Set (RFC 7519 section 4). Every registered claim
// in it has the right type: a claim of another type is invalid, not absent.
class ClaimsSet {
 public:
  // Parse reads the payload of a token.
  static RejectionOr<ClaimsSet> Parse(absl::string_view json);

  const RegisteredClaims& registered() const { return registered_; }

  // Find returns the claim of this name, registered or not.
  std::optional<JsonValue> Find(absl::string_view name) const {
    return FindMember(document_.object(), name);
  }

  // members are all claims, in the order of the token.
  JsonObject members() const { return document_.object(); }

 private:
  ClaimsSet(JsonDocument document, RegisteredClaims registered)
      : document_(std::move(document)), registered_(std::move(registered)) {}

  JsonDocument document_;
  RegisteredClaims registered_;
};

// IsRegisteredClaim tells whether RegisteredClaims has a field for `name`.
bool IsRegisteredClaim(absl::string_view name);

// SplitScope splits a `scope` value at its spaces (RFC 8693 section 4.2).
std::vector<absl::string_view> SplitScope(absl::string_view scope);

}  // namespace signet

#endif  // SIGNET_JOSE_CLAIMS_SET_H_
