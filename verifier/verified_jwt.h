#ifndef SIGNET_VERIFIER_VERIFIED_JWT_H_
#define SIGNET_VERIFIER_VERIFIED_JWT_H_

#include <utility>

#include "jose/claims_set.h"
#include "jose/jose_header.h"
#include "jose/unverified_jwt.h"
#include "verifier/validation_policy.h"

namespace signet {

// VerifiedJwt is the content of a token that was accepted. Only JwtVerifier
// can make one, so holding one is the proof. A handle, as UnverifiedJwt is.
class VerifiedJwt {
 public:
  const JoseHeader& header() const { return jwt_.header(); }
  const ClaimsSet& claims() const { return jwt_.claims(); }
  TokenKind kind() const { return kind_; }

 private:
  friend class JwtVerifier;

  VerifiedJwt(UnverifiedJwt jwt, TokenKind kind)
      : jwt_(std::move(jwt)), kind_(kind) {}

  UnverifiedJwt jwt_;
  TokenKind kind_;
};

}  // namespace signet

#endif  // SIGNET_VERIFIER_VERIFIED_JWT_H_
