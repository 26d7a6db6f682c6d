#ifndef SIGNET_KEYS_JWK_MATERIAL_H_
#define SIGNET_KEYS_JWK_MATERIAL_H_

#include "absl/status/statusor.h"
#include "jose/json.h"
#include "keys/key_material.h"

namespace signet {

// ReadPublicMaterial reads the key itself out of a JWK (RFC 7518 section 6,
// RFC 8037): lengths, encodings and curve membership are checked here, the
// rest by CheckPublicMaterial. Refuses a JWK with private members, except oct.
absl::StatusOr<PublicMaterial> ReadPublicMaterial(JsonObject jwk);

// ReadPrivateMaterial is the same for private keys. The public members must
// be there, and must belong to the private ones.
absl::StatusOr<PrivateMaterial> ReadPrivateMaterial(JsonObject jwk);

}  // namespace signet

#endif  // SIGNET_KEYS_JWK_MATERIAL_H_
