#ifndef SIGNET_JOSE_CLAIMS_SET_H_
#define SIGNET_JOSE_CLAIMS_SET_H_

#include <cstddef>
#include <optional>
#include <utility>

#include "absl/strings/str_split.h"
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
  std::optional<JsonStrings> audiences;                           // aud
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
  std::optional<JsonStrings> authentication_methods;              // amr
};

// ClaimsSet is a JWT Claims Set (RFC 7519 section 4). Every registered claim
// in it has the right type: a claim of another type is invalid, not absent.
// Views are of the object's own memory; they stay valid when it is moved, and
// end when it goes or reads another payload.
class ClaimsSet {
 public:
  // Parse reads the payload of a token.
  static RejectionOr<ClaimsSet> Parse(absl::string_view json);

  // The constructor makes a set that has yet to read its payload.
  ClaimsSet() = default;

  // Read is Parse into the memory of this set, which grows only if it never
  // read a payload as long: then nothing is allocated. Returns why `json` was
  // refused, and there is nothing to view; or nothing. As with
  // JsonDocument::ReadObject, kJsonPadding bytes behind `json` may be read.
  std::optional<Rejection> Read(absl::string_view json);

  const RegisteredClaims& registered() const { return registered_; }

  // Find returns the claim of this name, registered or not.
  std::optional<JsonValue> Find(absl::string_view name) const {
    return FindMember(document_.object(), name);
  }

  // Has tells whether there is a claim of this name, registered or not. Asked
  // about registered ones, it does not search.
  bool Has(absl::string_view name) const;

  // Says is Has, but that a claim which is null or empty says nothing, no more
  // than one that is absent.
  bool Says(absl::string_view name) const;

  // members are all claims, in the order of the token.
  JsonObject members() const { return document_.object(); }

  // memory_bytes, CopySize and CopyInto are those of JsonDocument.
  size_t memory_bytes() const { return document_.memory_bytes(); }
  size_t CopySize() const { return document_.CopySize(); }
  ClaimsSet CopyInto(void* memory) const;

 private:
  explicit ClaimsSet(JsonDocument document) : document_(std::move(document)) {}

  // Reads the registered claims out of the document.
  std::optional<Rejection> ReadRegistered();

  JsonDocument document_;
  RegisteredClaims registered_;
};

// IsRegisteredClaim tells whether RegisteredClaims has a field for `name`.
bool IsRegisteredClaim(absl::string_view name);

// SplitScope splits a `scope` value at its spaces (RFC 8693 section 4.2), into
// a range of string_views. `scope` must outlive it.
inline auto SplitScope(absl::string_view scope) {
  return absl::StrSplit(scope, ' ', absl::SkipEmpty());
}

}  // namespace signet

#endif  // SIGNET_JOSE_CLAIMS_SET_H_
