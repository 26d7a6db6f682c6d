#include "service/enum_conversion.h"

#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

namespace signet {
namespace {

// Names of enumerators here, with what they become on the wire.
template <typename Wire>
using Mirror = std::vector<std::pair<std::string, Wire>>;

// Every value of the wire's enum is the mirror image of the one of its name.
template <typename Wire>
void ExpectSameNames(const std::string& prefix, const Mirror<Wire>& mirror) {
  const google::protobuf::EnumDescriptor& values =
      *google::protobuf::GetEnumDescriptor<Wire>();
  std::set<std::string> unreached;
  for (int i = 0; i < values.value_count(); ++i) {
    unreached.insert(values.value(i)->name());
  }
  EXPECT_EQ(unreached.erase(absl::StrCat(prefix, "_UNSPECIFIED")), 1U);
  for (const auto& [name, wire] : mirror) {
    const std::string wire_name = values.FindValueByNumber(wire)->name();
    EXPECT_EQ(wire_name, absl::StrCat(prefix, "_", name));
    EXPECT_EQ(unreached.erase(wire_name), 1U) << wire_name;
  }
  EXPECT_EQ(unreached, std::set<std::string>());
}

TEST(EnumConversion, MirrorsEveryRejectionReason) {
  Mirror<v1::RejectionReason> mirror;
  const std::pair<std::string, RejectionReason> kReasons[] = {
      {"MALFORMED", RejectionReason::kMalformed},
      {"TOO_LARGE", RejectionReason::kTooLarge},
      {"UNSUPPORTED_HEADER", RejectionReason::kUnsupportedHeader},
      {"ALGORITHM_NOT_ALLOWED", RejectionReason::kAlgorithmNotAllowed},
      {"WRONG_TOKEN_KIND", RejectionReason::kWrongTokenKind},
      {"ISSUER_NOT_ACCEPTED", RejectionReason::kIssuerNotAccepted},
      {"KEY_NOT_FOUND", RejectionReason::kKeyNotFound},
      {"SIGNATURE_INVALID", RejectionReason::kSignatureInvalid},
      {"CLAIM_MISSING", RejectionReason::kClaimMissing},
      {"CLAIM_INVALID", RejectionReason::kClaimInvalid},
      {"EXPIRED", RejectionReason::kExpired},
      {"NOT_YET_VALID", RejectionReason::kNotYetValid},
      {"ISSUED_IN_FUTURE", RejectionReason::kIssuedInFuture},
      {"TOO_OLD", RejectionReason::kTooOld},
      {"AUDIENCE_MISMATCH", RejectionReason::kAudienceMismatch},
      {"SCOPE_INSUFFICIENT", RejectionReason::kScopeInsufficient},
      {"NONCE_MISMATCH", RejectionReason::kNonceMismatch},
      {"AUTHORIZED_PARTY_MISMATCH", RejectionReason::kAuthorizedPartyMismatch},
      {"ACCESS_TOKEN_HASH_MISMATCH", RejectionReason::kAccessTokenHashMismatch},
      {"AUTHENTICATION_TOO_OLD", RejectionReason::kAuthenticationTooOld},
      {"REVOKED", RejectionReason::kRevoked},
  };
  for (const auto& [name, reason] : kReasons) {
    mirror.emplace_back(name, ToMessage(reason));
  }
  ExpectSameNames("REJECTION_REASON", mirror);
}

TEST(EnumConversion, MirrorsEveryCheckName) {
  Mirror<v1::CheckName> mirror;
  const std::pair<std::string, CheckName> kNames[] = {
      {"FORMAT", CheckName::kFormat},
      {"ISSUER", CheckName::kIssuer},
      {"KEY", CheckName::kKey},
      {"ALGORITHM", CheckName::kAlgorithm},
      {"SIGNATURE", CheckName::kSignature},
      {"TOKEN_KIND", CheckName::kTokenKind},
      {"REQUIRED_CLAIMS", CheckName::kRequiredClaims},
      {"EXPIRATION", CheckName::kExpiration},
      {"NOT_BEFORE", CheckName::kNotBefore},
      {"ISSUED_AT", CheckName::kIssuedAt},
      {"AUDIENCE", CheckName::kAudience},
      {"SCOPE", CheckName::kScope},
      {"NONCE", CheckName::kNonce},
      {"AUTHORIZED_PARTY", CheckName::kAuthorizedParty},
      {"ACCESS_TOKEN_HASH", CheckName::kAccessTokenHash},
      {"AUTHENTICATION_TIME", CheckName::kAuthenticationTime},
      {"REVOCATION", CheckName::kRevocation},
  };
  for (const auto& [name, check] : kNames) {
    mirror.emplace_back(name, ToMessage(check));
  }
  ExpectSameNames("CHECK_NAME", mirror);
}

TEST(EnumConversion, MirrorsEveryCheckOutcome) {
  Mirror<v1::CheckOutcome> mirror;
  const std::pair<std::string, CheckOutcome> kOutcomes[] = {
      {"PASSED", CheckOutcome::kPassed},
      {"FAILED", CheckOutcome::kFailed},
      {"NOT_RUN", CheckOutcome::kNotRun},
  };
  for (const auto& [name, outcome] : kOutcomes) {
    mirror.emplace_back(name, ToMessage(outcome));
  }
  ExpectSameNames("CHECK_OUTCOME", mirror);
}

TEST(EnumConversion, MirrorsEveryTokenKindBothWays) {
  Mirror<v1::TokenKind> mirror;
  const std::pair<std::string, TokenKind> kKinds[] = {
      {"ACCESS_TOKEN", TokenKind::kAccessToken},
      {"ID_TOKEN", TokenKind::kIdToken},
      {"JWT", TokenKind::kJwt},
  };
  for (const auto& [name, kind] : kKinds) {
    mirror.emplace_back(name, ToMessage(kind));
    EXPECT_EQ(TokenKindFromMessage(ToMessage(kind)), kind);
  }
  ExpectSameNames("TOKEN_KIND", mirror);
  EXPECT_EQ(TokenKindFromMessage(v1::TOKEN_KIND_UNSPECIFIED), std::nullopt);
  EXPECT_EQ(TokenKindFromMessage(static_cast<v1::TokenKind>(99)), std::nullopt);
}

}  // namespace
}  // namespace signet
