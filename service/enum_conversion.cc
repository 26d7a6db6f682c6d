#include "service/enum_conversion.h"

namespace signet {

v1::RejectionReason ToMessage(RejectionReason reason) {
  switch (reason) {
    case RejectionReason::kMalformed:
      return v1::REJECTION_REASON_MALFORMED;
    case RejectionReason::kTooLarge:
      return v1::REJECTION_REASON_TOO_LARGE;
    case RejectionReason::kUnsupportedHeader:
      return v1::REJECTION_REASON_UNSUPPORTED_HEADER;
    case RejectionReason::kAlgorithmNotAllowed:
      return v1::REJECTION_REASON_ALGORITHM_NOT_ALLOWED;
    case RejectionReason::kWrongTokenKind:
      return v1::REJECTION_REASON_WRONG_TOKEN_KIND;
    case RejectionReason::kIssuerNotAccepted:
      return v1::REJECTION_REASON_ISSUER_NOT_ACCEPTED;
    case RejectionReason::kKeyNotFound:
      return v1::REJECTION_REASON_KEY_NOT_FOUND;
    case RejectionReason::kSignatureInvalid:
      return v1::REJECTION_REASON_SIGNATURE_INVALID;
    case RejectionReason::kClaimMissing:
      return v1::REJECTION_REASON_CLAIM_MISSING;
    case RejectionReason::kClaimInvalid:
      return v1::REJECTION_REASON_CLAIM_INVALID;
    case RejectionReason::kExpired:
      return v1::REJECTION_REASON_EXPIRED;
    case RejectionReason::kNotYetValid:
      return v1::REJECTION_REASON_NOT_YET_VALID;
    case RejectionReason::kIssuedInFuture:
      return v1::REJECTION_REASON_ISSUED_IN_FUTURE;
    case RejectionReason::kTooOld:
      return v1::REJECTION_REASON_TOO_OLD;
    case RejectionReason::kAudienceMismatch:
      return v1::REJECTION_REASON_AUDIENCE_MISMATCH;
    case RejectionReason::kScopeInsufficient:
      return v1::REJECTION_REASON_SCOPE_INSUFFICIENT;
    case RejectionReason::kNonceMismatch:
      return v1::REJECTION_REASON_NONCE_MISMATCH;
    case RejectionReason::kAuthorizedPartyMismatch:
      return v1::REJECTION_REASON_AUTHORIZED_PARTY_MISMATCH;
    case RejectionReason::kAccessTokenHashMismatch:
      return v1::REJECTION_REASON_ACCESS_TOKEN_HASH_MISMATCH;
    case RejectionReason::kAuthenticationTooOld:
      return v1::REJECTION_REASON_AUTHENTICATION_TOO_OLD;
    case RejectionReason::kRevoked:
      return v1::REJECTION_REASON_REVOKED;
  }
  __builtin_unreachable();
}

v1::CheckName ToMessage(CheckName name) {
  switch (name) {
    case CheckName::kFormat:
      return v1::CHECK_NAME_FORMAT;
    case CheckName::kIssuer:
      return v1::CHECK_NAME_ISSUER;
    case CheckName::kKey:
      return v1::CHECK_NAME_KEY;
    case CheckName::kAlgorithm:
      return v1::CHECK_NAME_ALGORITHM;
    case CheckName::kSignature:
      return v1::CHECK_NAME_SIGNATURE;
    case CheckName::kTokenKind:
      return v1::CHECK_NAME_TOKEN_KIND;
    case CheckName::kRequiredClaims:
      return v1::CHECK_NAME_REQUIRED_CLAIMS;
    case CheckName::kExpiration:
      return v1::CHECK_NAME_EXPIRATION;
    case CheckName::kNotBefore:
      return v1::CHECK_NAME_NOT_BEFORE;
    case CheckName::kIssuedAt:
      return v1::CHECK_NAME_ISSUED_AT;
    case CheckName::kAudience:
      return v1::CHECK_NAME_AUDIENCE;
    case CheckName::kScope:
      return v1::CHECK_NAME_SCOPE;
    case CheckName::kNonce:
      return v1::CHECK_NAME_NONCE;
    case CheckName::kAuthorizedParty:
      return v1::CHECK_NAME_AUTHORIZED_PARTY;
    case CheckName::kAccessTokenHash:
      return v1::CHECK_NAME_ACCESS_TOKEN_HASH;
    case CheckName::kAuthenticationTime:
      return v1::CHECK_NAME_AUTHENTICATION_TIME;
    case CheckName::kRevocation:
      return v1::CHECK_NAME_REVOCATION;
  }
  __builtin_unreachable();
}

v1::CheckOutcome ToMessage(CheckOutcome outcome) {
  switch (outcome) {
    case CheckOutcome::kPassed:
      return v1::CHECK_OUTCOME_PASSED;
    case CheckOutcome::kFailed:
      return v1::CHECK_OUTCOME_FAILED;
    case CheckOutcome::kNotRun:
      return v1::CHECK_OUTCOME_NOT_RUN;
  }
  __builtin_unreachable();
}

v1::TokenKind ToMessage(TokenKind kind) {
  switch (kind) {
    case TokenKind::kAccessToken:
      return v1::TOKEN_KIND_ACCESS_TOKEN;
    case TokenKind::kIdToken:
      return v1::TOKEN_KIND_ID_TOKEN;
    case TokenKind::kJwt:
      return v1::TOKEN_KIND_JWT;
  }
  __builtin_unreachable();
}

v1::KeyState ToMessage(KeyState state) {
  switch (state) {
    case KeyState::kPending:
      return v1::KEY_STATE_PENDING;
    case KeyState::kActive:
      return v1::KEY_STATE_ACTIVE;
    case KeyState::kRetiring:
      return v1::KEY_STATE_RETIRING;
    case KeyState::kRetired:
      return v1::KEY_STATE_RETIRED;
    case KeyState::kRevoked:
      return v1::KEY_STATE_REVOKED;
  }
  __builtin_unreachable();
}

std::optional<TokenKind> TokenKindFromMessage(v1::TokenKind kind) {
  switch (kind) {
    case v1::TOKEN_KIND_ACCESS_TOKEN:
      return TokenKind::kAccessToken;
    case v1::TOKEN_KIND_ID_TOKEN:
      return TokenKind::kIdToken;
    case v1::TOKEN_KIND_JWT:
      return TokenKind::kJwt;
    default:  // Wire enums are open: a newer client may send what we lack.
      return std::nullopt;
  }
}

}  // namespace signet
