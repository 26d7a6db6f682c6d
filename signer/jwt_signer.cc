#include "signer/jwt_signer.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "jose/base64url.h"
#include "jose/json_writer.h"
#include "jose/rejection.h"
#include "keys/digest.h"
#include "keys/key_cache.h"
#include "keys/key_set.h"
#include "openssl/rand.h"
#include "signer/token_claims.h"

namespace signet {
namespace {

// 128 random bits: no two tokens ever share a `jti` (RFC 7519 section 4.1.7).
std::string NewJwtId() {
  std::array<uint8_t, 16> bytes;
  RAND_bytes(bytes.data(), bytes.size());  // Aborts rather than fail.
  return Base64UrlEncode(AsText(bytes));
}

// The public halves of the signing keys, as a verifier knows them.
absl::StatusOr<JwtVerifier> VerifierOf(const SigningOptions& options) {
  std::vector<VerificationKey> keys;
  for (const auto& key : options.keys) {
    keys.push_back(key->verification_key().Copy());
  }
  absl::StatusOr<KeySet> key_set = KeySet::Create(std::move(keys));
  if (!key_set.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("keys: ", key_set.status().message()));
  }
  auto issuers = std::make_shared<KeyCache>();
  issuers->ReplaceIssuer(options.issuer, *std::move(key_set));
  return JwtVerifier(std::move(issuers));
}

// A JWS in compact serialization (RFC 7515 section 7.1).
absl::StatusOr<std::string> SignCompact(const SigningKey& key,
                                        absl::string_view type,
                                        absl::string_view payload) {
  std::string compact = absl::StrCat(
      Base64UrlEncode(WriteHeader(type, key.algorithm(), key.key_id())), ".",
      Base64UrlEncode(payload));
  const absl::StatusOr<std::string> signature = key.Sign(compact);
  if (!signature.ok()) return signature.status();
  absl::StrAppend(&compact, ".", Base64UrlEncode(*signature));
  return compact;
}

}  // namespace

absl::Status CheckLifetimes(absl::Duration default_lifetime,
                            absl::Duration max_lifetime) {
  if (default_lifetime < absl::Seconds(1) ||
      default_lifetime != absl::Floor(default_lifetime, absl::Seconds(1))) {
    return absl::InvalidArgumentError(
        "default_lifetime: must be whole seconds, at least 1s");
  }
  if (max_lifetime > kMaxTokenLifetime) {
    return absl::InvalidArgumentError(absl::StrCat(
        "max_lifetime: at most ", absl::FormatDuration(kMaxTokenLifetime)));
  }
  if (default_lifetime > max_lifetime) {
    return absl::InvalidArgumentError(
        "default_lifetime: longer than max_lifetime");
  }
  return absl::OkStatus();
}

absl::StatusOr<JwtSigner> JwtSigner::Create(SigningOptions options) {
  if (options.issuer.empty()) {
    return absl::InvalidArgumentError("issuer: is required");
  }
  if (options.keys.empty()) {
    return absl::InvalidArgumentError("keys: at least one is required");
  }
  const absl::Status lifetimes =
      CheckLifetimes(options.default_lifetime, options.max_lifetime);
  if (!lifetimes.ok()) return lifetimes;
  absl::StatusOr<JwtVerifier> verifier = VerifierOf(options);
  if (!verifier.ok()) return verifier.status();
  return JwtSigner(std::move(options), *std::move(verifier));
}

absl::StatusOr<SignedToken> JwtSigner::Sign(const TokenRequest& request,
                                            absl::Time now) const {
  const absl::Status consistent = CheckTokenRequest(request, now);
  if (!consistent.ok()) return consistent;
  const absl::StatusOr<const SigningKey*> key = ChooseKey(request.algorithm);
  if (!key.ok()) return key.status();
  const absl::StatusOr<absl::Duration> lifetime = ChooseLifetime(request);
  if (!lifetime.ok()) return lifetime.status();

  const std::string jwt_id = NewJwtId();
  const absl::StatusOr<std::string> claims = WriteClaims(
      request, {options_.issuer, jwt_id, (*key)->algorithm(), now, *lifetime});
  if (!claims.ok()) return claims.status();
  absl::StatusOr<std::string> compact =
      SignCompact(**key, TypeOf(request.kind), *claims);
  if (!compact.ok()) return compact.status();
  ValidationPolicyOptions policy;
  policy.kind = request.kind;
  policy.audiences = request.audiences;
  return VerifyOwn(*std::move(compact), std::move(policy), now);
}

absl::StatusOr<std::string> JwtSigner::SignIntrospection(
    absl::string_view audience, absl::string_view answer, Algorithm algorithm,
    absl::Time now) const {
  const absl::StatusOr<const SigningKey*> key = ChooseKey(algorithm);
  if (!key.ok()) return key.status();
  JsonObjectWriter claims;
  claims.AddString("iss", options_.issuer);
  claims.AddString("aud", audience);
  claims.AddInteger("iat", absl::ToUnixSeconds(now));
  claims.AddJson("token_introspection", answer);
  absl::StatusOr<std::string> compact =
      SignCompact(**key, kIntrospectionType, std::move(claims).Finish());
  if (!compact.ok()) return compact.status();
  ValidationPolicyOptions policy;
  policy.types = {std::string(kIntrospectionType)};
  policy.audiences = {std::string(audience)};
  policy.allow_missing_expiration = true;
  absl::StatusOr<SignedToken> signed_answer =
      VerifyOwn(*std::move(compact), std::move(policy), now);
  if (!signed_answer.ok()) return signed_answer.status();
  return std::move(signed_answer->compact);
}

absl::StatusOr<const SigningKey*> JwtSigner::ChooseKey(
    const std::optional<Algorithm>& algorithm) const {
  for (const auto& key : options_.keys) {
    if (!algorithm || key->algorithm() == *algorithm) return key.get();
  }
  if (options_.awaited.Contains(*algorithm)) {
    return absl::UnavailableError(absl::StrCat(
        "algorithm: the issuer's key for ", AlgorithmName(*algorithm),
        " has not been published for long enough to sign; try again later"));
  }
  return absl::InvalidArgumentError(
      absl::StrCat("algorithm: the issuer has no signing key for ",
                   AlgorithmName(*algorithm)));
}

absl::StatusOr<absl::Duration> JwtSigner::ChooseLifetime(
    const TokenRequest& request) const {
  const absl::Duration longest =
      request.max_lifetime.value_or(options_.max_lifetime);
  if (!request.lifetime) return std::min(options_.default_lifetime, longest);
  const absl::Duration lifetime = *request.lifetime;
  if (lifetime < absl::Seconds(1) || lifetime > options_.max_lifetime ||
      lifetime != absl::Floor(lifetime, absl::Seconds(1))) {
    return absl::InvalidArgumentError(absl::StrCat(
        "lifetime: must be whole seconds, from 1s to ",
        absl::FormatDuration(options_.max_lifetime), " for this issuer"));
  }
  return std::min(lifetime, longest);
}

absl::StatusOr<SignedToken> JwtSigner::VerifyOwn(std::string compact,
                                                 ValidationPolicyOptions policy,
                                                 absl::Time now) const {
  policy.name = "own tokens";
  policy.issuers = {options_.issuer};
  for (const auto& key : options_.keys) {
    policy.algorithms.Add(key->algorithm());
  }
  const absl::StatusOr<ValidationPolicy> own =
      ValidationPolicy::Create(std::move(policy));
  if (!own.ok()) return own.status();
  absl::StatusOr<Verdict> verdict =
      verifier_.Verify(compact, *own, Tightening{}, now);
  if (!verdict.ok()) return verdict.status();
  if (!verdict->ok()) {
    const Rejection& rejection = verdict->rejection();
    if (rejection.reason == RejectionReason::kSignatureInvalid) {
      return absl::InternalError("the new token's signature does not verify");
    }
    return absl::InvalidArgumentError(
        absl::StrCat("the token would not be accepted: ", rejection.claim,
                     rejection.claim.empty() ? "" : ": ", rejection.detail));
  }
  return SignedToken{std::move(compact), **std::move(verdict)};
}

}  // namespace signet
