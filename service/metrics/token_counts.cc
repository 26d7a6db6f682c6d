#include "service/metrics/token_counts.h"

#include <optional>
#include <utility>

#include "absl/strings/strip.h"
#include "service/enum_conversion.h"
#include "service/metrics/family.h"

namespace signet {
namespace {

size_t AlgorithmIndex(std::optional<Algorithm> algorithm) {
  return algorithm ? static_cast<size_t>(*algorithm) : kAllAlgorithms.size();
}

std::string AlgorithmLabel(size_t index) {
  return index == kAllAlgorithms.size()
             ? "unknown"
             : std::string(AlgorithmName(kAllAlgorithms[index]));
}

// As the contract names the reason.
std::string OutcomeLabel(size_t number) {
  if (number == 0) return "ACCEPTED";
  if (number == v1::RejectionReason_ARRAYSIZE) return "UNDECIDED";
  const std::string& name = v1::RejectionReason_Name(static_cast<int>(number));
  return std::string(absl::StripPrefix(name, "REJECTION_REASON_"));
}

// What never happened is not told, lest there be thousands of zeros.
void AddNonzero(uint64_t count, Labels labels, Family& family) {
  if (count != 0) family.Add(static_cast<double>(count), std::move(labels));
}

template <typename From, typename To>
void AddAll(const From& from, To& to) {
  for (size_t i = 0; i < from.size(); ++i) {
    to[i] += from[i].load(std::memory_order_relaxed);
  }
}

}  // namespace

TokenCounts::TokenCounts() : tokens_(IssuerLabels::kMost + 1), batches_(1) {}

void TokenCounts::CountVerification(const Verdict& verdict,
                                    const absl::Status& decided) {
  if (verdict.ok()) {
    const size_t issuer =
        issuers_.IndexOf(verdict->claims().registered().issuer.value_or(""));
    const size_t algorithm = AlgorithmIndex(verdict->header().algorithm);
    CountOne(tokens_.Mine(issuer).verified[algorithm][kAccepted]);
    return;
  }
  const Rejection& rejection = verdict.rejection();
  const size_t outcome = decided.ok()
                             ? static_cast<size_t>(ToMessage(rejection.reason))
                             : kUndecided;
  CountOne(tokens_.Mine(issuers_.IndexOf(rejection.issuer))
               .verified[AlgorithmIndex(rejection.algorithm)][outcome]);
}

void TokenCounts::CountBatch(size_t tokens) {
  batches_.Mine(0).sizes.Observe(kBatchBounds, tokens);
}

void TokenCounts::CountSigned(absl::string_view issuer, Algorithm algorithm) {
  CountOne(
      tokens_.Mine(issuers_.IndexOf(issuer)).made[AlgorithmIndex(algorithm)]);
}

TokenCounts::IssuerTotals TokenCounts::TotalsOf(size_t issuer) const {
  IssuerTotals totals;
  tokens_.ForEach(issuer, [&](const IssuerBlock& block) {
    AddAll(block.made, totals.made);
    for (size_t i = 0; i < kAlgorithms; ++i) {
      AddAll(block.verified[i], totals.verified[i]);
    }
  });
  return totals;
}

std::vector<prometheus::MetricFamily> TokenCounts::Collect() const {
  Family verified = Family::Counter(
      "signet_verifications_total",
      "Tokens that were verified, by outcome: ACCEPTED, the reason of the "
      "rejection, or UNDECIDED where keys were out of reach.");
  Family made =
      Family::Counter("signet_signed_tokens_total", "Tokens that were signed.");
  const std::vector<std::string> names = issuers_.Names();
  for (size_t issuer = 0; issuer < names.size(); ++issuer) {
    const IssuerTotals totals = TotalsOf(issuer);
    for (size_t i = 0; i < kAlgorithms; ++i) {
      const Labels labels = {{"issuer", names[issuer]},
                             {"algorithm", AlgorithmLabel(i)}};
      AddNonzero(totals.made[i], labels, made);
      for (size_t outcome = 0; outcome < kOutcomes; ++outcome) {
        Labels all = labels;
        all.push_back({"outcome", OutcomeLabel(outcome)});
        AddNonzero(totals.verified[i][outcome], std::move(all), verified);
      }
    }
  }
  HistogramTotals<kBatchBounds.size()> sizes;
  batches_.ForEach(0,
                   [&](const BatchBlock& block) { block.sizes.AddTo(sizes); });
  Family batches = Family::Histogram("signet_verify_batch_tokens",
                                     "Tokens that were verified together.");
  batches.AddHistogram(sizes, kBatchBounds, 1);
  return {std::move(verified).Finish(), std::move(made).Finish(),
          std::move(batches).Finish()};
}

}  // namespace signet
