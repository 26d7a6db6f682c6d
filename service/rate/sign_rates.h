#ifndef SIGNET_SERVICE_RATE_SIGN_RATES_H_
#define SIGNET_SERVICE_RATE_SIGN_RATES_H_

#include <array>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "service/rate/token_bucket.h"
#include "signet/config/v1/config.pb.h"

namespace signet {

// SignRateOptions says how often callers may have something signed.
struct SignRateOptions {
  // Of callers that have none of their own; nothing, if they are not limited.
  std::optional<Rate> otherwise;
  // By the name of the caller.
  absl::flat_hash_map<std::string, Rate> callers;
};

// ReadSignRates returns InvalidArgument, beginning with the field at fault, if
// the configuration cannot be meant.
absl::StatusOr<SignRateOptions> ReadSignRates(
    const config::v1::SignRates& config);

// SignRates keeps callers from having more signed than they may. What one of
// them does is of no consequence for the others, as long as there are no more
// than kMaxCallers that have lately signed: those beyond share the rates of
// one, for each of kShards groups. May be used from many threads at once.
class SignRates {
 public:
  static constexpr size_t kShards = 16;
  static constexpr size_t kMaxCallers = 65'536;

  explicit SignRates(SignRateOptions options) : options_(std::move(options)) {}

  // Admit returns ResourceExhausted, with how long to wait (RetryDelay), if the
  // caller of this name may not have a token signed at `now`. Otherwise
  // the token counts as signed.
  absl::Status Admit(absl::string_view caller, absl::Time now);

 private:
  struct Shard {
    // ThreadSanitizer knows this mutex, and not Abseil's from a package.
    std::mutex mutex;
    absl::flat_hash_map<std::string, TokenBucket> buckets
        ABSL_GUARDED_BY(mutex);
    TokenBucket shared ABSL_GUARDED_BY(mutex);
    // When it last looked for buckets that are not needed.
    absl::Time swept ABSL_GUARDED_BY(mutex) = absl::InfinitePast();
  };

  // Null, if the caller is not limited.
  const Rate* RateOf(absl::string_view caller) const;
  static TokenBucket& BucketOf(absl::string_view caller, absl::Time now,
                               Shard& shard)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(shard.mutex);

  const SignRateOptions options_;
  std::array<Shard, kShards> shards_;
};

}  // namespace signet

#endif  // SIGNET_SERVICE_RATE_SIGN_RATES_H_
