#include "verifier/jwt_verifier.h"

#include <optional>

#include "verifier/examination.h"

namespace signet {

absl::StatusOr<Verdict> JwtVerifier::Verify(absl::string_view compact,
                                            const ValidationPolicy& policy,
                                            const Tightening& tightening,
                                            absl::Time now) const {
  Examination examination{compact, KeyCache::Reader(*issuers_),
                          policy.options(), tightening, now};
  for (const Check& check : TrustChecks()) {
    if (auto rejection = check.run(examination)) return *std::move(rejection);
  }
  for (const Check& check : ClaimsChecks()) {
    if (auto rejection = check.run(examination)) return *std::move(rejection);
  }
  return Verdict(
      VerifiedJwt(*std::move(examination.jwt), policy.options().kind));
}

absl::StatusOr<Explanation> JwtVerifier::Explain(absl::string_view compact,
                                                 const ValidationPolicy& policy,
                                                 const Tightening& tightening,
                                                 absl::Time now) const {
  Examination examination{compact, KeyCache::Reader(*issuers_),
                          policy.options(), tightening, now};
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

  for (const Check& check : TrustChecks()) first ? skip(check) : make(check);
  const bool trusted = !first;
  for (const Check& check : ClaimsChecks()) {
    trusted ? make(check) : skip(check);
  }
  if (first) return Explanation{*std::move(first), std::move(reports)};
  return Explanation{
      VerifiedJwt(*std::move(examination.jwt), policy.options().kind),
      std::move(reports)};
}

}  // namespace signet
