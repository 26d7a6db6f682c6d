#include "verifier/jwt_verifier.h"

#include <optional>

#include "verifier/examination.h"

namespace signet {

Verdict JwtVerifier::Conclude(Examination& examination,
                              std::optional<Rejection> rejection) {
  if (rejection) {
    rejection->issuer = examination.issuer;
    if (examination.jwt) {
      rejection->algorithm = examination.jwt->header().algorithm;
    }
    return *std::move(rejection);
  }
  return VerifiedJwt(*std::move(examination.jwt), examination.policy.kind);
}

absl::StatusOr<Verdict> JwtVerifier::Verify(absl::string_view compact,
                                            const ValidationPolicy& policy,
                                            const Tightening& tightening,
                                            absl::Time now) const {
  const KeyCache::Reader issuers(*issuers_);
  const Surroundings surroundings{issuers, tokens_.get(), revocations_.get(),
                                  now};
  Examination examination{surroundings, compact, policy.options(), tightening};
  auto rejection = FirstRejection(KeyChecks(), examination);
  if (!rejection) rejection = SignatureCheck().run(examination);
  if (!rejection) rejection = FirstRejection(ClaimsChecks(), examination);
  return Conclude(examination, std::move(rejection));
}

absl::StatusOr<Explanation> JwtVerifier::Explain(absl::string_view compact,
                                                 const ValidationPolicy& policy,
                                                 const Tightening& tightening,
                                                 absl::Time now) const {
  const KeyCache::Reader issuers(*issuers_);
  const Surroundings surroundings{issuers, tokens_.get(), revocations_.get(),
                                  now};
  Examination examination{surroundings, compact, policy.options(), tightening};
  std::vector<CheckReport> reports;
  std::optional<Rejection> first;
  const auto make = [&](const Check& check) {
    std::optional<Rejection> rejection = check.run(examination);
    if (rejection && !first) first = rejection;
    const CheckOutcome outcome =
        rejection ? CheckOutcome::kFailed : CheckOutcome::kPassed;
    reports.push_back({check.name, outcome, std::move(rejection)});
  };
  const auto skip = [&](const Check& check) {
    reports.push_back({check.name, CheckOutcome::kNotRun, std::nullopt});
  };

  for (const Check& check : KeyChecks()) first ? skip(check) : make(check);
  first ? skip(SignatureCheck()) : make(SignatureCheck());
  const bool trusted = !first;
  for (const Check& check : ClaimsChecks()) {
    trusted ? make(check) : skip(check);
  }
  return Explanation{Conclude(examination, std::move(first)),
                     std::move(reports)};
}

}  // namespace signet
