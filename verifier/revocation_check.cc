#include "verifier/revocation_check.h"

#include "store/records.h"
#include "verifier/revocations.h"

namespace signet {
namespace {

Rejection Revoked(RevocationTarget target) {
  constexpr RejectionReason kReason = RejectionReason::kRevoked;
  switch (target) {
    case RevocationTarget::kTokenId:
      return {kReason, "jti", "the token has been revoked"};
    case RevocationTarget::kContent:
      return {kReason, "", "the token has been revoked"};
    case RevocationTarget::kSubject:
      return {kReason, "sub",
              "tokens of the subject have been revoked, up to a moment"};
    case RevocationTarget::kKey:
      return {kReason, "kid", "the key has been revoked"};
    case RevocationTarget::kIssuer:
      return {kReason, "iss",
              "tokens of the issuer have been revoked, up to a moment"};
  }
  __builtin_unreachable();
}

}  // namespace

std::optional<Rejection> CheckRevocation(Examination& e) {
  const Revocations* const revocations = e.surroundings.revocations;
  if (revocations == nullptr) return std::nullopt;
  const RevocableToken token{e.key->key_id(), e.claims(), e.compact};
  if (const auto target = revocations->Find(token, e.now())) {
    return Revoked(*target);
  }
  return std::nullopt;
}

}  // namespace signet
