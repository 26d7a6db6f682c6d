#ifndef SIGNET_VERIFIER_JWT_VERIFIER_H_
#define SIGNET_VERIFIER_JWT_VERIFIER_H_

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "jose/rejection.h"
#include "keys/key_cache.h"
#include "verifier/check.h"
#include "verifier/revocations.h"
#include "verifier/token_cache.h"
#include "verifier/validation_policy.h"
#include "verifier/verified_jwt.h"

namespace signet {

struct Examination;

// Verdict is the answer about a token: proof, or a reason.
using Verdict = RejectionOr<VerifiedJwt>;

// Explanation is a verdict with every check that led to it, in order.
struct Explanation {
  Verdict verdict;
  std::vector<CheckReport> checks;
};

// VerificationRequest is a token, and what is asked of it. It views everything
// it names.
struct VerificationRequest {
  absl::string_view compact;
  const ValidationPolicy* policy;  // Not null.
  const Tightening* tightening;    // Not null.
};

// JwtVerifier decides about tokens. It may be used from many threads at once,
// also while the keys are being replaced: a decision rests on one set of the
// issuer's keys, as it was when the issuer was looked up.
class JwtVerifier {
 public:
  // `tokens` remembers signatures that were found good. Without it, each call
  // checks the signature again; the answers are the same. Without
  // `revocations`, nothing is revoked.
  explicit JwtVerifier(std::shared_ptr<const KeyCache> issuers,
                       std::shared_ptr<TokenCache> tokens = nullptr,
                       std::shared_ptr<const Revocations> revocations = nullptr)
      : issuers_(std::move(issuers)),
        tokens_(std::move(tokens)),
        revocations_(std::move(revocations)) {}

  // Verify decides whether `compact` is a token that `policy` and `tightening`
  // accept at `now`. The answer depends on nothing but these, the keys, and
  // what is revoked; a revocation that was applied before the call is honored.
  // A status other than OK means that no decision could be made: deny.
  absl::StatusOr<Verdict> Verify(absl::string_view compact,
                                 const ValidationPolicy& policy,
                                 const Tightening& tightening,
                                 absl::Time now) const;

  // VerifyBatch decides about each of `requests` as Verify does, in their
  // order, and faster than one by one: it parses a token that comes several
  // times and checks its signature only once, and checks the signatures of all
  // together (VerifySignatures). No request has an influence on the answer to
  // another.
  std::vector<absl::StatusOr<Verdict>> VerifyBatch(
      absl::Span<const VerificationRequest> requests, absl::Time now) const;

  // Explain decides the same, and reports every check. Once the signature has
  // been found good it makes all remaining checks, even after one has failed;
  // the verdict is that of the first.
  absl::StatusOr<Explanation> Explain(absl::string_view compact,
                                      const ValidationPolicy& policy,
                                      const Tightening& tightening,
                                      absl::Time now) const;

 private:
  // The verdict at the end of an examination, of which `rejection` came out.
  static Verdict Conclude(Examination& examination,
                          std::optional<Rejection> rejection);

  std::shared_ptr<const KeyCache> issuers_;
  std::shared_ptr<TokenCache> tokens_;
  std::shared_ptr<const Revocations> revocations_;
};

}  // namespace signet

#endif  // SIGNET_VERIFIER_JWT_VERIFIER_H_
