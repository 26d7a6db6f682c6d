#ifndef SIGNET_TESTS_SERVICE_REPLICA_H_
#define SIGNET_TESTS_SERVICE_REPLICA_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "keys/key_sealing.h"
#include "service/key_keeper.h"
#include "service/server_setup.h"
#include "service/state_replica.h"
#include "store/store.h"
#include "verifier/jwt_verifier.h"

namespace signet {

// TestTime is the time of a test: one that passes, which all see alike, and
// what is added to it by clocks that are wrong.
struct TestTime {
  absl::Duration passed;

  absl::Time Now(absl::Duration wrong_by = {}) const {
    return absl::FromUnixSeconds(1'800'000'000) + passed + wrong_by;
  }
};

// Replica is a server's part of the state, without threads: a test says when it
// keeps up, and when it hears of others.
class Replica {
 public:
  // `config` is YAML. The replica's clock is wrong by `wrong_by`. `sealer` and
  // `time` must outlive it.
  Replica(const std::string& config, const std::string& store,
          const KeyEncryptionKey& sealer, const TestTime& time,
          absl::Duration wrong_by = absl::ZeroDuration());

  // Hear takes over what the store has, and KeepUp does what is due; Aborted,
  // if another one has been faster.
  absl::Status Hear() { return state_.Refresh(*store_); }
  absl::Status HearFrom(Store& another) { return state_.Refresh(another); }
  absl::Status KeepUp() { return keeper_.KeepUp(); }

  // Sign signs for `lifetime`, with the replica's own clock; Outcome tells what
  // it finds about a token: "verified", or the reason for its rejection.
  absl::StatusOr<SignedToken> Sign(absl::string_view issuer,
                                   absl::Duration lifetime = absl::Minutes(5),
                                   absl::string_view subject = "s") const;
  std::string Outcome(absl::string_view token) const;

  // KeysIn returns the ids of the issuer's generated keys in `state`.
  std::vector<std::string> KeysIn(absl::string_view issuer,
                                  KeyState state) const;

  absl::Time Now() const { return time_.Now(wrong_by_); }
  Store& store() { return *store_; }
  KeyKeeper& keeper() { return keeper_; }
  ServerSetup& setup() { return setup_; }

 private:
  const TestTime& time_;
  const absl::Duration wrong_by_;
  ServerSetup setup_;
  std::unique_ptr<Store> store_;
  StateReplica state_;
  KeyKeeper keeper_;
};

}  // namespace signet

#endif  // SIGNET_TESTS_SERVICE_REPLICA_H_
