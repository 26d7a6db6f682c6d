#ifndef SIGNET_SIGNER_JWT_SIGNER_H_
#define SIGNET_SIGNER_JWT_SIGNER_H_

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "jose/algorithm.h"
#include "keys/signing_key.h"
#include "signer/token_request.h"
#include "verifier/jwt_verifier.h"
#include "verifier/validation_policy.h"
#include "verifier/verified_jwt.h"

namespace signet {

// kMaxTokenLifetime bounds what a configuration may allow.
inline constexpr absl::Duration kMaxTokenLifetime = absl::Hours(24);

// CheckLifetimes returns InvalidArgument unless tokens may live that long: the
// default in whole seconds, and at most the maximum, which is at most
// kMaxTokenLifetime.
absl::Status CheckLifetimes(absl::Duration default_lifetime,
                            absl::Duration max_lifetime);

// kIntrospectionType is the `typ` of signed answers about tokens (RFC 9701
// section 5).
inline constexpr absl::string_view kIntrospectionType =
    "token-introspection+jwt";

// SigningOptions describes how to sign as one issuer.
struct SigningOptions {
  std::string issuer;
  // At least one. The first is the default; the first of an algorithm is the
  // one for requests that name it.
  SigningKeys keys;
  // Algorithms that the issuer signs with when there is a key for them.
  AlgorithmSet awaited;
  // See CheckLifetimes.
  absl::Duration default_lifetime = absl::Minutes(5);
  absl::Duration max_lifetime = absl::Hours(1);
};

// SignedToken is a new token, and what a verifier reads in it.
struct SignedToken {
  // In compact serialization. A secret of whoever asked for it.
  std::string compact;
  VerifiedJwt content;
};

// JwtSigner issues tokens as one issuer. Immutable, and may be used from many
// threads at once.
class JwtSigner {
 public:
  // Create refuses inconsistent options with InvalidArgument.
  static absl::StatusOr<JwtSigner> Create(SigningOptions options);

  // Sign issues a token that is valid from `now` on. Every token is verified
  // before it is returned, with the public halves of the keys: a fault while
  // signing must not give the key away, and what we could not verify nobody
  // should get. InvalidArgument says what is wrong with the request;
  // Unavailable, that the key for its algorithm is still awaited; Internal,
  // that signing failed, which no request can cause.
  absl::StatusOr<SignedToken> Sign(const TokenRequest& request,
                                   absl::Time now) const;

  // SignIntrospection signs an answer about a token for the resource server
  // `audience` (RFC 9701 section 5). `answer` is a JSON object. The result is
  // verified, and the errors are those of Sign.
  absl::StatusOr<std::string> SignIntrospection(absl::string_view audience,
                                                absl::string_view answer,
                                                Algorithm algorithm,
                                                absl::Time now) const;

  const std::string& issuer() const { return options_.issuer; }

 private:
  JwtSigner(SigningOptions options, JwtVerifier verifier)
      : options_(std::move(options)), verifier_(std::move(verifier)) {}

  absl::StatusOr<const SigningKey*> ChooseKey(
      const std::optional<Algorithm>& algorithm) const;
  absl::StatusOr<absl::Duration> ChooseLifetime(
      const TokenRequest& request) const;
  // Verifies what was signed; `policy` says what it is and for whom.
  absl::StatusOr<SignedToken> VerifyOwn(std::string compact,
                                        ValidationPolicyOptions policy,
                                        absl::Time now) const;

  SigningOptions options_;
  JwtVerifier verifier_;
};

}  // namespace signet

#endif  // SIGNET_SIGNER_JWT_SIGNER_H_
