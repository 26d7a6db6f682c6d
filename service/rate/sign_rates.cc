#include "service/rate/sign_rates.h"

#include <cstdint>

#include "absl/hash/hash.h"
#include "absl/strings/str_cat.h"
#include "service/config_field.h"
#include "service/rate/retry_delay.h"

namespace signet {
namespace {

// More is not limited by this, but by the processor.
constexpr uint32_t kMaxPerSecond = 1'000'000;

// A shard that is full is looked through so often at most.
constexpr absl::Duration kSweepInterval = absl::Seconds(1);

absl::StatusOr<Rate> ReadRate(const config::v1::Rate& config) {
  if (config.per_second() < 1 || config.per_second() > kMaxPerSecond) {
    return absl::InvalidArgumentError(
        absl::StrCat("per_second: must be from 1 to ", kMaxPerSecond));
  }
  if (config.burst() > kMaxPerSecond) {
    return absl::InvalidArgumentError(
        absl::StrCat("burst: must be from 1 to ", kMaxPerSecond));
  }
  const uint32_t burst =
      config.burst() == 0 ? config.per_second() : config.burst();
  return Rate{.interval = absl::Seconds(1) / config.per_second(),
              .burst = static_cast<int>(burst)};
}

absl::Status AddCaller(const config::v1::CallerRate& config,
                       SignRateOptions& options) {
  if (config.caller().empty()) {
    return absl::InvalidArgumentError("caller: is required");
  }
  const absl::StatusOr<Rate> rate = ReadRate(config.rate());
  if (!rate.ok()) return InField("rate", rate.status());
  if (options.callers.emplace(config.caller(), *rate).second) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError("caller: has a rate already");
}

}  // namespace

absl::StatusOr<SignRateOptions> ReadSignRates(
    const config::v1::SignRates& config) {
  SignRateOptions options;
  if (config.has_default_rate()) {
    const absl::StatusOr<Rate> rate = ReadRate(config.default_rate());
    if (!rate.ok()) return InField("sign_rates.default_rate", rate.status());
    options.otherwise = *rate;
  }
  for (int i = 0; i < config.callers_size(); ++i) {
    const absl::Status added = AddCaller(config.callers(i), options);
    if (!added.ok()) {
      return InField(absl::StrCat("sign_rates.callers[", i, "]"), added);
    }
  }
  return options;
}

absl::Status SignRates::Admit(absl::string_view caller, absl::Time now) {
  const Rate* const rate = RateOf(caller);
  if (rate == nullptr) return absl::OkStatus();
  Shard& shard = shards_[absl::Hash<absl::string_view>()(caller) % kShards];
  absl::Duration wait;
  {
    const std::lock_guard lock(shard.mutex);
    wait = BucketOf(caller, now, shard).Take(*rate, now);
  }
  if (wait <= absl::ZeroDuration()) return absl::OkStatus();
  return WithRetryDelay(
      absl::ResourceExhaustedError(
          "the caller has had as much signed as it may for now"),
      wait);
}

const Rate* SignRates::RateOf(absl::string_view caller) const {
  const auto own = options_.callers.find(caller);
  if (own != options_.callers.end()) return &own->second;
  return options_.otherwise ? &*options_.otherwise : nullptr;
}

TokenBucket& SignRates::BucketOf(absl::string_view caller, absl::Time now,
                                 Shard& shard) {
  const auto found = shard.buckets.find(caller);
  if (found != shard.buckets.end()) return found->second;
  constexpr size_t kMost = kMaxCallers / kShards;
  if (shard.buckets.size() >= kMost && now - shard.swept >= kSweepInterval) {
    shard.swept = now;
    absl::erase_if(shard.buckets, [now](const auto& each) {
      return each.second.IsUnused(now);
    });
  }
  if (shard.buckets.size() >= kMost) return shard.shared;
  return shard.buckets[caller];
}

}  // namespace signet
