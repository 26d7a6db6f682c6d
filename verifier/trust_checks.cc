#include <utility>

#include "absl/algorithm/container.h"
#include "jose/compact_jws.h"
#include "verifier/examination.h"
#include "verifier/revocations.h"
#include "verifier/signature.h"

namespace signet {
namespace {

using Outcome = std::optional<Rejection>;

// A token that is known already, from the cache or from this batch, is
// well-formed.
Outcome CheckWhetherWellFormed(Examination& e) {
  if (e.jwt) return std::nullopt;
  TokenCache* const tokens = e.surroundings.tokens;
  if (tokens != nullptr) {
    if (std::optional<CachedToken> known = tokens->Find(e.compact)) {
      e.jwt = std::move(known->jwt);
      e.known_signer = known->key;
      return std::nullopt;
    }
  }
  RejectionOr<UnverifiedJwt> jwt = UnverifiedJwt::Parse(e.compact);
  if (!jwt.ok()) return jwt.rejection();
  e.jwt = *std::move(jwt);
  return std::nullopt;
}

Outcome CheckFormat(Examination& e) {
  Outcome outcome = CheckWhetherWellFormed(e);
  const Revocations* const revocations = e.surroundings.revocations;
  if (!outcome && revocations != nullptr) revocations->Prefetch(e.claims());
  return outcome;
}

Outcome CheckIssuer(Examination& e) {
  const auto& issuer = e.claims().issuer;
  if (!issuer) {
    return Rejection{RejectionReason::kClaimMissing, "iss",
                     "the token does not say who issued it"};
  }
  const auto accepted = absl::c_find(e.policy.issuers, *issuer);
  if (accepted != e.policy.issuers.end()) {
    e.issuer = *accepted;
    e.keys = e.surroundings.issuers.FindIssuer(*issuer);
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
  if (HasKnownSignature(e)) return std::nullopt;
  const SignatureTask task = SignatureOf(e);
  return ConcludeSignature(
      e, VerifySignature(*task.key, task.signing_input, task.signature));
}

constexpr Check kKeyChecks[] = {
    {CheckName::kFormat, CheckFormat},
    {CheckName::kIssuer, CheckIssuer},
    {CheckName::kKey, CheckKey},
    {CheckName::kAlgorithm, CheckAlgorithm},
};

}  // namespace

absl::Span<const Check> KeyChecks() { return kKeyChecks; }

Check SignatureCheck() { return {CheckName::kSignature, CheckSignature}; }

bool HasKnownSignature(const Examination& e) {
  return e.known_signer == e.key->fingerprint();
}

SignatureTask SignatureOf(Examination& e) {
  if (e.known_signer) {
    // The issuer's key is another one now, and what was remembered of the token
    // has no signature. It is well-formed, or it would not be remembered.
    e.jwt = *UnverifiedJwt::Parse(e.compact);
    e.known_signer.reset();
  }
  return {e.key, SigningInputOf(e.compact), e.jwt->signature()};
}

Outcome ConcludeSignature(Examination& e, bool is_valid) {
  if (!is_valid) {
    return Rejection{RejectionReason::kSignatureInvalid, "",
                     "the signature does not verify"};
  }
  if (e.surroundings.tokens != nullptr) {
    e.surroundings.tokens->Insert(e.compact, {*e.jwt, e.key->fingerprint()});
  }
  return std::nullopt;
}

}  // namespace signet
