#include "tests/answer.h"

#include "absl/strings/str_cat.h"

namespace signet {

std::string ReasonName(RejectionReason reason) {
  switch (reason) {
    case RejectionReason::kMalformed:
      return "MALFORMED";
    case RejectionReason::kTooLarge:
      return "TOO_LARGE";
    case RejectionReason::kUnsupportedHeader:
      return "UNSUPPORTED_HEADER";
    case RejectionReason::kAlgorithmNotAllowed:
      return "ALGORITHM_NOT_ALLOWED";
    case RejectionReason::kWrongTokenKind:
      return "WRONG_TOKEN_KIND";
    case RejectionReason::kIssuerNotAccepted:
      return "ISSUER_NOT_ACCEPTED";
    case RejectionReason::kKeyNotFound:
      return "KEY_NOT_FOUND";
    case RejectionReason::kSignatureInvalid:
      return "SIGNATURE_INVALID";
    case RejectionReason::kClaimMissing:
      return "CLAIM_MISSING";
    case RejectionReason::kClaimInvalid:
      return "CLAIM_INVALID";
    case RejectionReason::kExpired:
      return "EXPIRED";
    case RejectionReason::kNotYetValid:
      return "NOT_YET_VALID";
    case RejectionReason::kIssuedInFuture:
      return "ISSUED_IN_FUTURE";
    case RejectionReason::kTooOld:
      return "TOO_OLD";
    case RejectionReason::kAudienceMismatch:
      return "AUDIENCE_MISMATCH";
    case RejectionReason::kScopeInsufficient:
      return "SCOPE_INSUFFICIENT";
    case RejectionReason::kNonceMismatch:
      return "NONCE_MISMATCH";
    case RejectionReason::kAuthorizedPartyMismatch:
      return "AUTHORIZED_PARTY_MISMATCH";
    case RejectionReason::kAccessTokenHashMismatch:
      return "ACCESS_TOKEN_HASH_MISMATCH";
    case RejectionReason::kAuthenticationTooOld:
      return "AUTHENTICATION_TOO_OLD";
    case RejectionReason::kRevoked:
      return "REVOKED";
  }
  __builtin_unreachable();
}

std::string AnswerOf(const Rejection& rejection) {
  return absl::StrCat(ReasonName(rejection.reason),
                      rejection.claim.empty() ? "" : " ", rejection.claim);
}

}  // namespace signet
