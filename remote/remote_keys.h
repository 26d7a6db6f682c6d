#ifndef SIGNET_REMOTE_REMOTE_KEYS_H_
#define SIGNET_REMOTE_REMOTE_KEYS_H_

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "fetch/fetch_options.h"
#include "fetch/fetch_url.h"
#include "fetch/fetcher.h"
#include "keys/jwk.h"
#include "keys/jwk_set.h"
#include "keys/key_set.h"
#include "remote/absent_keys.h"
#include "remote/refresh_schedule.h"
#include "store/records.h"

namespace signet {

// RemoteOptions say where the keys of an issuer are, and how they are fetched.
struct RemoteOptions {
  std::string issuer;
  // Where the JWK Set is; or, if this is empty, where the metadata that says so
  // may be, the likeliest place first.
  std::optional<FetchUrl> jwks_url;
  std::vector<FetchUrl> metadata_urls;
  // For what the metadata names.
  PlainHttp plain_http = PlainHttp::kToLoopbackOnly;
  std::shared_ptr<const FetchOptions> fetch;
  RefreshLimits refresh;
  JwkOptions jwk;
};

// Absence is what is known about a key that an issuer's set does not have.
enum class Absence {
  kCertain,   // The issuer does not have it.
  kFetching,  // The set is being fetched, or is to be: ask again after that.
  kUnknown,   // The set cannot be fetched now, so nobody can say.
};

// RemoteKeys follows the keys that one issuer publishes: what to fetch and
// when, what to make of the answers, and what it means if a key is not there.
// It fetches nothing itself, and knows no clock: `now` is by one that nobody
// can set, and must not go back. `spread` is a random number from 0 to 1.
// Belongs to one thread at a time.
//
// Keys are used until a good answer replaces them, and past that only for as
// long as RefreshLimits say. An answer that cannot be read, or has no usable
// key, changes nothing.
class RemoteKeys {
 public:
  explicit RemoteKeys(RemoteOptions options);
  // Its schedule views its options.
  RemoteKeys(const RemoteKeys&) = delete;
  RemoteKeys& operator=(const RemoteKeys&) = delete;

  const std::string& issuer() const { return options_.issuer; }

  // NextRequest returns what to fetch now, if anything. Until Take has had the
  // answer, there is no other.
  std::optional<FetchRequest> NextRequest(absl::Duration now);

  // Take returns keys that from now on are all the issuer has, if that has
  // changed; `wall_now` is for the record. InvalidArgument, or as Fetcher
  // fails, if nothing could be learned.
  absl::StatusOr<std::optional<KeySet>> Take(absl::StatusOr<FetchAnswer> answer,
                                             absl::Duration now,
                                             absl::Time wall_now,
                                             double spread);

  // Adopt is Take for a set that was fetched `age` ago, perhaps by another
  // server. Nothing, if it is not newer than the one there is.
  absl::StatusOr<std::optional<KeySet>> Adopt(const JwkSetRecord& record,
                                              absl::Duration now,
                                              absl::Time wall_now,
                                              double spread);

  // Expire returns true, once, when the keys have become too old to be used.
  bool Expire(absl::Duration now);

  // Inquire answers for the key of a token that is not in the set; without a
  // `kid`, `key_id` is empty. May make a fetch due.
  Absence Inquire(absl::string_view key_id, absl::Duration now);

  bool IsFetching() const { return asked_ != Asked::kNothing; }

  // due is when NextRequest has something next, unless it is fetching.
  absl::Duration due() const { return schedule_.due(); }

  // record is the set in use, as it came, to be adopted later; nothing, if
  // there is none.
  const std::optional<JwkSetRecord>& record() const { return record_; }

  // max_staleness is for how long a set is used when it cannot be fetched anew.
  absl::Duration max_staleness() const {
    return options_.refresh.max_staleness;
  }

  // unusable is how many keys of the set in use cannot be used.
  size_t unusable() const { return unusable_; }

 private:
  enum class Asked { kNothing, kMetadata, kKeys };

  // Whether `record` can be what is in use, at the place that is to be used.
  bool MayAdopt(const JwkSetRecord& record) const;
  absl::Status ReadMetadata(const absl::StatusOr<FetchAnswer>& answer,
                            absl::Duration now);
  absl::Status TakeMetadata(const absl::StatusOr<FetchAnswer>& answer,
                            absl::Duration now, double spread);
  absl::StatusOr<std::optional<KeySet>> TakeKeys(
      absl::StatusOr<FetchAnswer>& answer, absl::Time wall_now);
  // Makes the keys of `record` the ones in use, and returns them if they were
  // not yet.
  absl::StatusOr<std::optional<KeySet>> Use(JwkSetRecord record);

  const RemoteOptions options_;
  RefreshSchedule schedule_;
  AbsentKeys absent_;
  Asked asked_ = Asked::kNothing;
  // Where the metadata is looked for, as an index.
  size_t metadata_place_ = 0;
  // What it said, and when it is to be read again.
  std::optional<FetchUrl> jwks_url_;
  absl::Duration metadata_due_ = -absl::InfiniteDuration();
  // For which a fetch was hastened.
  std::optional<std::string> sought_key_;
  std::optional<JwkSetRecord> record_;
  size_t unusable_ = 0;
  // Whether the keys in use have been handed out, and not taken back.
  bool in_use_ = false;
};

}  // namespace signet

#endif  // SIGNET_REMOTE_REMOTE_KEYS_H_
