#include "jose/unverified_jwt.h"

#include <utility>

#include "jose/compact_jws.h"

namespace signet {

RejectionOr<UnverifiedJwt> UnverifiedJwt::Parse(absl::string_view compact) {
  RejectionOr<CompactJws> jws = CompactJws::Parse(compact);
  if (!jws.ok()) return jws.rejection();
  RejectionOr<ClaimsSet> claims = ClaimsSet::Parse(jws->payload);
  if (!claims.ok()) return claims.rejection();
  return UnverifiedJwt{std::move(jws->header), *std::move(claims),
                       std::move(jws->signature), jws->signing_input};
}

}  // namespace signet
