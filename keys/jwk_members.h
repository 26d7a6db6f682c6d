#ifndef SIGNET_KEYS_JWK_MEMBERS_H_
#define SIGNET_KEYS_JWK_MEMBERS_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "keys/key_material.h"

namespace signet {

// JwkMembers are names and string values of members of a JWK.
using JwkMembers = std::vector<std::pair<absl::string_view, std::string>>;

// RequiredMembers returns the members that determine a key, by name (RFC 7638
// section 3.2): `kty` and the key itself. For an HMAC secret this is the
// secret.
JwkMembers RequiredMembers(const PublicMaterial& material);

// PrivateMembers returns the members that RequiredMembers does not have.
JwkMembers PrivateMembers(const PrivateMaterial& material);

// JwkThumbprint returns the SHA-256 thumbprint of a key, base64url-encoded
// (RFC 7638).
std::string JwkThumbprint(const PublicMaterial& material);

}  // namespace signet

#endif  // SIGNET_KEYS_JWK_MEMBERS_H_
