#ifndef SIGNET_VERIFIER_VERIFIED_JWT_H_
#define SIGNET_VERIFIER_VERIFIED_JWT_H_

#include <utility>

#include "jose/claims_set.h"
#include "jose/jose_header.h"
#include "jose/unverified_jwt.h"
#include "verifier/validation_policy.h"

namespace signet {

// VerifiedJwt is the content of a token that was accepted. Only JwtVerifier
// can make one, so holding one is the proof.
class VerifiedJwt {
 public:
  const JoseHeader& header() const { return header_; }
  const ClaimsSet& claims() const { return claims_; }
  TokenKind kind() const { return kind_; }

 private:
  friend class JwtVerifier;

  VerifiedJwt(UnverifiedJwt jwt, TokenKind kind)
      : header_(std::move(jwt.header)),
        claims_(std::move(jwt.claims)),
        kind_(kind) {}

  JoseHeader header_;
  ClaimsSet claims_;
  TokenKind kind_;
};

}  // namespace signet

#endif  // SIGNET_VERIFIER_VERIFIED_JWT_H_
