#include <utility>

#include "absl/algorithm/container.h"
#include "jose/compact_jws.h"
#include "verifier/examination.h"
#include "verifier/signature.h"

namespace signet {
namespace {

using Outcome = std::optional<Rejection>;

Outcome CheckFormat(Examination& e) {
  RejectionOr<UnverifiedJwt> jwt = UnverifiedJwt::Parse(e.compact);
  if (!jwt.ok()) return jwt.rejection();
  e.jwt = *std::move(jwt);
  return std::nullopt;
}

Outcome CheckIssuer(Examination& e) {
  const auto& issuer = e.claims().issuer;
  if (!issuer) {
    return Rejection{RejectionReason::kClaimMissing, "iss",
                     "the token does not say who issued it"};
  }
  if (absl::c_linear_search(e.policy.issuers, *issuer)) {
    e.keys = e.issuers.FindIssuer(*issuer);
  }
  if (e.keys) return std::nullopt;
  return Rejection{RejectionReason::kIssuerNotAccepted, "iss",
                   "the issuer is not one that the policy accepts"};
}

Outcome CheckKey(Examination& e) {
  const JoseHeader& header = e.jwt->header();
  if (header.key_id) {
    e.key = e.keys->FindById(*header.key_id);
    if (e.key != nullptr) return std::nullopt;
    return Rejection{RejectionReason::kKeyNotFound, "kid",
                     "the issuer has no key of this id"};
  }
  e.key = e.keys->FindOnly(header.algorithm);
  if (e.key != nullptr) return std::nullopt;
  return Rejection{RejectionReason::kKeyNotFound, "kid",
                   "the token names no key, and the issuer does not have "
                   "exactly one for its algorithm"};
}

Outcome CheckAlgorithm(Examination& e) {
  if (e.jwt->header().algorithm != e.key->algorithm()) {
    return Rejection{RejectionReason::kAlgorithmNotAllowed, "alg",
                     "the algorithm is not the one that the key is for"};
  }
  if (!e.policy.algorithms.Contains(e.key->algorithm())) {
    return Rejection{RejectionReason::kAlgorithmNotAllowed, "alg",
                     "the policy does not accept the algorithm"};
  }
  return std::nullopt;
}

Outcome CheckSignature(Examination& e) {
  if (VerifySignature(*e.key, SigningInputOf(e.compact), e.jwt->signature())) {
    return std::nullopt;
  }
  return Rejection{RejectionReason::kSignatureInvalid, "",
                   "the signature does not verify"};
}

constexpr Check kTrustChecks[] = {
    {CheckName::kFormat, CheckFormat},
    {CheckName::kIssuer, CheckIssuer},
    {CheckName::kKey, CheckKey},
    {CheckName::kAlgorithm, CheckAlgorithm},
    {CheckName::kSignature, CheckSignature},
};

}  // namespace

absl::Span<const Check> TrustChecks() { return kTrustChecks; }

}  // namespace signet
