#ifndef SIGNET_STORE_RECORDS_H_
#define SIGNET_STORE_RECORDS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "jose/algorithm.h"

namespace signet {

// Strings are bytes, which need not be UTF-8. Times and durations are kept to
// the microsecond; finer times are rounded up, and finer durations down.

// kMaxNameBytes is how long an issuer, a key id and a revoked value may be. An
// index must have room for an issuer and a value together. A token whose `jti`
// or `sub` is longer is revoked as kContent.
inline constexpr size_t kMaxNameBytes = 1024;

// KeyState is where a signing key stands in its life. It only ever moves down
// this list.
enum class KeyState {
  kPending,   // Published, and does not sign yet.
  kActive,    // Signs.
  kRetiring,  // Verifies what it has signed.
  kRetired,   // Is neither published nor used; its private half is erased.
  kRevoked,   // The same, at once, because it leaked.
};

// KeyRecord is a signing key as it is stored.
struct KeyRecord {
  std::string key_id;
  Algorithm algorithm;
  KeyState state;
  // When it came into `state`, by the store's own time.
  absl::Duration state_since;
  // For people; nothing is decided by it.
  absl::Time created;
  // The private JWK, sealed. Empty for kRetired and kRevoked.
  std::string sealed_private_key;

  friend bool operator==(const KeyRecord&, const KeyRecord&) = default;
};

// IssuerKeyRecords are all keys of an issuer, by key id.
struct IssuerKeyRecords {
  std::string issuer;
  // The revision in which they changed last.
  int64_t revision = 0;
  std::vector<KeyRecord> keys;

  friend bool operator==(const IssuerKeyRecords&,
                         const IssuerKeyRecords&) = default;
};

// RevocationTarget is what kind of thing is revoked.
enum class RevocationTarget {
  kTokenId,  // The token with this `jti`.
  kContent,  // The token with this signing input, by its SHA-256, in hex.
  kSubject,  // Tokens of this `sub` issued before a moment.
  kKey,      // Tokens signed with the key of this `kid`.
  kIssuer,   // All tokens of the issuer issued before a moment. No value.
};

// RevocationRecord says that tokens of an issuer are no longer good.
struct RevocationRecord {
  RevocationTarget target = RevocationTarget::kTokenId;
  std::string issuer;
  std::string value;
  // For kSubject and kIssuer: tokens whose `iat` is before this, or absent, are
  // revoked. Otherwise InfiniteFuture.
  absl::Time issued_before = absl::InfiniteFuture();
  // From then on it is of no use to anyone; no token it is about can still be
  // accepted. InfiniteFuture, for one that stands until the issuer is gone.
  absl::Time expires;

  friend bool operator==(const RevocationRecord&,
                         const RevocationRecord&) = default;
};

// JwkSetRecord is the last good JWK Set of an issuer whose keys are fetched.
struct JwkSetRecord {
  std::string issuer;
  // Where it came from.
  std::string url;
  // As it came.
  std::string body;
  // Validators for the next request (RFC 9110 section 8.8); may be empty.
  std::string etag;
  std::string last_modified;
  absl::Time fetched;

  friend bool operator==(const JwkSetRecord&, const JwkSetRecord&) = default;
};

}  // namespace signet

#endif  // SIGNET_STORE_RECORDS_H_
