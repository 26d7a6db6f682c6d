#ifndef SIGNET_TESTS_CLAIMS_DEMANDS_H_
#define SIGNET_TESTS_CLAIMS_DEMANDS_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "tests/test_issuer.h"
#include "verifier/validation_policy.h"

namespace signet {

// Demands are what a policy and a request ask of a token, and when.
struct Demands {
  ValidationPolicyOptions policy;
  Tightening tightening;
  absl::Time now = kTestNow;
};

// DemandsFor returns the least that can be demanded of a token of this kind,
// of the issuer https://issuer.example for the audience "service".
Demands DemandsFor(TokenKind kind);

// JwtClaims, IdClaims and AccessClaims return the claims that a token of each
// kind needs, and `more`, which starts with a comma.
std::string JwtClaims(absl::string_view more = "");
std::string IdClaims(absl::string_view more = "");
std::string AccessClaims(absl::string_view more = "");

// JudgeClaims returns the answer about a token of this `typ` (none, if it is
// empty) and these claims, in the words of AnswerOf. Fails the test if Explain
// would answer otherwise.
std::string JudgeClaims(const Demands& demands, absl::string_view type,
                        absl::string_view claims);

// JudgeJwt is JudgeClaims for JwtClaims(more).
std::string JudgeJwt(const Demands& demands, absl::string_view more = "");

}  // namespace signet

#endif  // SIGNET_TESTS_CLAIMS_DEMANDS_H_
