#include "service/metrics/state_metrics.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

#include "jose/algorithm.h"
#include "keys/key_cache.h"
#include "keys/key_preparer.h"
#include "service/metrics/family.h"
#include "store/records.h"
#include "store/stored_values.h"
#include "verifier/token_cache.h"

namespace signet {
namespace {

using Families = std::vector<prometheus::MetricFamily>;

constexpr double kMicrosecondsPerSecond = 1e6;

template <typename Number>
double Value(Number number) {
  return static_cast<double>(number);
}

void AddTokenCache(const TokenCache& tokens, Families& families) {
  const TokenCacheStats stats = tokens.stats();
  families.push_back(OneCounter("signet_token_cache_hits_total",
                                "Tokens that the cache knew.",
                                Value(stats.hits)));
  families.push_back(OneCounter("signet_token_cache_misses_total",
                                "Tokens that the cache did not know.",
                                Value(stats.misses)));
  families.push_back(OneCounter("signet_token_cache_insertions_total",
                                "Tokens that it has learned.",
                                Value(stats.insertions)));
  families.push_back(OneCounter("signet_token_cache_evictions_total",
                                "Tokens that had to make room.",
                                Value(stats.evictions)));
  families.push_back(OneGauge("signet_token_cache_entries",
                              "Tokens that the cache knows now.",
                              Value(stats.entries)));
  families.push_back(OneGauge("signet_token_cache_bytes",
                              "Memory of the token cache.",
                              Value(stats.bytes)));
}

void AddKeyTables(const KeyPreparer& preparer, Families& families) {
  const KeyTableFigures figures = preparer.figures();
  families.push_back(OneGauge("signet_key_tables",
                              "Keys that have a table to verify with.",
                              Value(figures.tables)));
  families.push_back(OneGauge("signet_key_table_bytes",
                              "Memory of these tables.", Value(figures.bytes)));
  families.push_back(OneGauge("signet_key_table_budget_bytes",
                              "Memory that they may take.",
                              Value(figures.budget_bytes)));
  families.push_back(OneCounter("signet_key_tables_built_total",
                                "Tables that were built.",
                                Value(figures.built)));
  families.push_back(OneCounter("signet_key_tables_displaced_total",
                                "Tables that had to make room.",
                                Value(figures.displaced)));
}

// The generated keys of all issuers. `time` is the store's.
void AddKeys(const LiveIssuers& issuers, absl::Duration time,
             Families& families) {
  Family keys = Family::Gauge("signet_signing_keys",
                              "Generated keys, by where they stand in life.");
  Family ages =
      Family::Gauge("signet_signing_key_age_seconds",
                    "How long the generated key that signs has been doing so.");
  for (const IssuerPlan* const plan : issuers.Plans()) {
    std::map<KeyState, size_t> states;
    for (const KeyRecord& key : issuers.Records(plan->issuer).keys) {
      ++states[key.state];
      if (key.state != KeyState::kActive) continue;
      ages.Add(absl::ToDoubleSeconds(time - key.state_since),
               {{"issuer", plan->issuer},
                {"algorithm", std::string(AlgorithmName(key.algorithm))}});
    }
    for (const auto& [state, count] : states) {
      keys.Add(Value(count), {{"issuer", plan->issuer},
                              {"state", std::string(KeyStateName(state))}});
    }
  }
  families.push_back(std::move(keys).Finish());
  families.push_back(std::move(ages).Finish());
}

void AddRemoteIssuers(const RemoteIssuers& remote, Families& families) {
  Family fetches = Family::Counter(
      "signet_jwks_fetches_total",
      "Answers to fetches of an issuer's documents: ok or failed.");
  Family ages = Family::Gauge(
      "signet_jwks_age_seconds",
      "How long ago the issuer confirmed the JWK Set that is in use.");
  Family unusable = Family::Gauge("signet_jwks_unusable_keys",
                                  "Keys of that set that cannot be used.");
  for (const RemoteIssuers::Figures& each : remote.figures()) {
    const Labels issuer = {{"issuer", each.issuer}};
    for (const auto& [outcome, count] :
         {std::pair("ok", each.fetched), std::pair("failed", each.failed)}) {
      fetches.Add(Value(count),
                  {{"issuer", each.issuer}, {"outcome", outcome}});
    }
    if (!each.age) continue;
    ages.Add(absl::ToDoubleSeconds(*each.age), issuer);
    unusable.Add(Value(each.unusable), issuer);
  }
  families.push_back(std::move(fetches).Finish());
  families.push_back(std::move(ages).Finish());
  families.push_back(std::move(unusable).Finish());
}

void AddRevocations(const Revocations& revocations, Families& families) {
  families.push_back(OneGauge("signet_revocation_entries",
                              "Revocations in memory.",
                              Value(revocations.entries())));
  families.push_back(OneGauge("signet_revocation_bytes", "Their memory.",
                              Value(revocations.bytes())));
}

void AddFreshness(const Freshness& freshness, Families& families) {
  families.push_back(
      OneGauge("signet_store_age_seconds",
               "How long ago the server last had all that the store has.",
               absl::ToDoubleSeconds(freshness.Age())));
  families.push_back(OneGauge("signet_store_stale",
                              "1, if that is longer ago than is configured.",
                              freshness.IsStale() ? 1 : 0));
}

void AddPropagation(const PropagationDelay& delay, Families& families) {
  constexpr size_t kBounds = PropagationDelay::kBounds.size();
  std::array<uint64_t, kBounds> bounds = {};
  for (size_t i = 0; i < kBounds; ++i) {
    bounds[i] = static_cast<uint64_t>(
        absl::ToInt64Microseconds(PropagationDelay::kBounds[i]));
  }
  const PropagationDelay::Totals totals = delay.totals();
  HistogramTotals<kBounds> histogram;
  histogram.sum = static_cast<uint64_t>(absl::ToInt64Microseconds(totals.sum));
  for (size_t i = 0; i < histogram.buckets.size(); ++i) {
    histogram.buckets[i] = static_cast<uint64_t>(totals.buckets[i]);
  }
  Family family = Family::Histogram(
      "signet_propagation_delay_seconds",
      "From a commit in the store until this server had taken it over.");
  family.AddHistogram(histogram, bounds, kMicrosecondsPerSecond);
  families.push_back(std::move(family).Finish());
}

}  // namespace

std::vector<prometheus::MetricFamily> StateMetrics::Collect() const {
  Families families;
  const std::shared_ptr<const ServerSetup> setup = setup_->Share();
  if (setup->tokens) AddTokenCache(*setup->tokens, families);
  families.push_back(
      OneGauge("signet_key_cache_generation",
               "Grows with every set of keys that was put in place.",
               Value(KeyCache::LastGeneration())));
  if (setup->key_preparer) AddKeyTables(*setup->key_preparer, families);
  AddRemoteIssuers(*setup->remote, families);
  AddRevocations(*setup->revocations, families);
  if (!state_) return families;
  AddKeys(*setup->issuers, state_->StoreTime(), families);
  AddFreshness(*setup->freshness, families);
  AddPropagation(state_->propagation_delay(), families);
  return families;
}

}  // namespace signet
