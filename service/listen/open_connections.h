#ifndef SIGNET_SERVICE_LISTEN_OPEN_CONNECTIONS_H_
#define SIGNET_SERVICE_LISTEN_OPEN_CONNECTIONS_H_

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/time/time.h"
#include "service/elapsed.h"
#include "service/listen/origin.h"

namespace signet {

// ConnectionCaps bounds how many connections there may be at once.
struct ConnectionCaps {
  size_t total;
  size_t per_origin;
};

// WithinDescriptors returns `caps`, cut so that a process which may have
// `descriptors` open keeps some for its files, and for connections of other
// kinds.
ConnectionCaps WithinDescriptors(ConnectionCaps caps, size_t descriptors);

// OpenConnections counts the connections that a library has been given, which
// closes them when it likes and tells nobody: each socket has a number for all
// time (SO_COOKIE), so a descriptor with another one, or none, is one that was
// closed. It looks when it matters: when there seem to be too many, and then no
// more often than every 50 ms. May be used from many threads at once.
class OpenConnections {
 public:
  enum class Admission { kAdmitted, kTooMany, kTooManyFromOrigin };

  // How many were refused, since the beginning.
  struct Figures {
    size_t open = 0;
    uint64_t admitted = 0;
    uint64_t too_many = 0;
    uint64_t too_many_from_origin = 0;
    uint64_t failures = 0;
  };

  OpenConnections(ConnectionCaps caps, Elapsed elapsed)
      : caps_(caps), elapsed_(std::move(elapsed)) {}

  // Admit counts a connection, unless there are as many as may be. It must be
  // open.
  Admission Admit(int descriptor, const Origin& origin);

  // CountFailure counts one that the system could not give (descriptors,
  // memory).
  void CountFailure();

  // Look counts those that are open now.
  Figures Look();

 private:
  struct Connection {
    int descriptor;
    uint64_t cookie;
    Origin origin;
  };

  // Forgets those that were closed.
  void Sweep() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Admission Judge(const Origin& origin) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const ConnectionCaps caps_;
  const Elapsed elapsed_;
  // ThreadSanitizer knows this mutex, and not Abseil's from a package.
  std::mutex mutex_;
  std::vector<Connection> connections_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<Origin, size_t> by_origin_ ABSL_GUARDED_BY(mutex_);
  absl::Duration swept_ ABSL_GUARDED_BY(mutex_) = -absl::InfiniteDuration();
  // Without `open`.
  Figures figures_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace signet

#endif  // SIGNET_SERVICE_LISTEN_OPEN_CONNECTIONS_H_
