#ifndef SIGNET_STORE_STORE_H_
#define SIGNET_STORE_STORE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "store/records.h"

namespace signet {

// kStorePatience is how long a store waits for what may never come.
inline constexpr absl::Duration kStorePatience = absl::Seconds(5);

// kCommitsOnRecord is of how many commits, the last ones, a store knows when
// they were made.
inline constexpr int64_t kCommitsOnRecord = 1000;

// StoreMark is how far a store has come.
struct StoreMark {
  // Counts commits: each has a number greater than all before it, and is seen
  // by nobody who does not see those too.
  int64_t revision = 0;
  // The store's own time: how long somebody has been keeping it, by clocks that
  // cannot jump (Store::AdvanceTime). It never runs faster than real time, and
  // stands still while nobody runs.
  absl::Duration time = absl::ZeroDuration();
  // How long ago the first commit after the one that ReadSince was given was
  // made; that of a later one, if so many were missed that it is not on record
  // any more. Both ends are by one clock, the
  // database's: no server's clock matters. Nothing, if there was no commit, or
  // everything was read.
  std::optional<absl::Duration> news_age = std::nullopt;
};

// StoreChange is what one commit does, as a whole or not at all.
struct StoreChange {
  // Makes `keys` all the keys that the store has for `issuer`.
  struct IssuerKeys {
    std::string issuer;
    // The revision in which the writer saw the issuer's keys change last
    // (IssuerKeyRecords::revision); 0, if it saw none. The commit fails with
    // Aborted if they have changed since: somebody else was faster.
    int64_t seen_revision;
    std::vector<KeyRecord> keys;
  };

  // If set, the commit fails with Aborted unless the store's time still is
  // this: `state_since` of a key must not lie further back than its commit.
  std::optional<absl::Duration> seen_time;
  std::vector<IssuerKeys> issuer_keys;
  // Each is added, or joins the one there is for the same target: the later
  // `expires` and the later `issued_before` hold.
  std::vector<RevocationRecord> revocations;
  // Each replaces the one of the same issuer.
  std::vector<JwkSetRecord> jwk_sets;
};

// StoreReader is told what a store holds. What it is given lives for the call.
class StoreReader {
 public:
  virtual ~StoreReader() = default;

  // ReadIssuerKeys gets all keys of an issuer; none, if all were deleted.
  virtual void ReadIssuerKeys(const IssuerKeyRecords& keys) = 0;
  virtual void ReadRevocation(const RevocationRecord& revocation) = 0;
  virtual void ReadJwkSet(const JwkSetRecord& jwk_set) = 0;
};

// Store keeps the state that must outlive the process, and that replicas share.
//
// A commit that has returned OK is durable: it survives the death of the
// process, of the database and of the machine. One that failed has changed
// nothing, except with Unavailable, where the connection was lost before the
// answer came: then it may have happened, and is to be repeated. That does no
// harm, because revocations join and keys are compared with what was seen.
//
// Failures, with what to do in the message:
//   Aborted             the keys, or the time, have changed meanwhile; read
//   again Unavailable         the database is away or busy; later calls try
//   again,
//                       and reconnect by themselves
//   ResourceExhausted   the disk is full
//   FailedPrecondition  the file is read-only, open to others, another
//                       program's or of a later version; or the database
//                       refuses the user
//   DataLoss            the file is corrupt
//   InvalidArgument     a name is longer than kMaxNameBytes, or one change has
//                       the keys of an issuer, or a key of them, twice
// Once the reason is mended, the same store works again.
// No message contains a password, a key or a revoked token's id.
//
// May be used from many threads at once. Commit, AdvanceTime and DropExpired
// wait for each other, and so do ReadSince, AwaitChange and Check; but not one
// group for the other. No call waits longer than kStorePatience for a lock, for
// a connection or for a sign of life from the database.
class Store {
 public:
  virtual ~Store() = default;

  // Commit makes `change`, and returns its revision.
  virtual absl::StatusOr<int64_t> Commit(const StoreChange& change) = 0;

  // ReadSince tells `reader` everything that commits after `revision` changed
  // (everything there is, for 0), all from one snapshot, and returns how far
  // that goes. On failure, what has been told is to be ignored. If it goes less
  // far than `revision`, an older store was put in this one's place: forget
  // all, and read it from 0. `reader` must not call this store.
  virtual absl::StatusOr<StoreMark> ReadSince(int64_t revision,
                                              StoreReader& reader) = 0;

  // AwaitChange returns once the store's revision is another than `revision`,
  // or `at_most` has passed, or Wake was called; it may return early.
  // Unavailable, or as the others fail, if it cannot hear of changes now: after
  // a pause, so that it may be called again at once.
  virtual absl::Status AwaitChange(int64_t revision,
                                   absl::Duration at_most) = 0;
  // Wake has a running AwaitChange, or the next one, return. May be called from
  // any thread.
  virtual void Wake() = 0;

  // AdvanceTime sets the store's time to `to` if it still is `from`, and
  // returns what it is then. Makes no revision.
  virtual absl::StatusOr<absl::Duration> AdvanceTime(absl::Duration from,
                                                     absl::Duration to) = 0;

  // DropExpired deletes revocations that expired before `before`, at most
  // `limit` of them, and returns how many. Makes no revision.
  virtual absl::StatusOr<int64_t> DropExpired(absl::Time before,
                                              int64_t limit) = 0;

  // Check looks the whole store over, and returns one line for people: what
  // kind it is, the version of its schema, and how much is in it.
  virtual absl::StatusOr<std::string> Check() = 0;
};

}  // namespace signet

#endif  // SIGNET_STORE_STORE_H_
