#ifndef SIGNET_SERVICE_RATE_TOKEN_BUCKET_H_
#define SIGNET_SERVICE_RATE_TOKEN_BUCKET_H_

#include "absl/time/time.h"

namespace signet {

// Rate is how often something may be done: once in every `interval` for any
// length of time, and `burst` times at once after a rest.
struct Rate {
  absl::Duration interval;
  int burst = 1;
};

// TokenBucket is how much of a Rate has been used. It is one number: when it
// will be as if it had never been used.
class TokenBucket {
 public:
  // Take returns zero, if it may be done at `now`, and counts it as done;
  // otherwise how long to wait, if nobody else takes something meanwhile. A
  // clock that is set back costs what one burst does, and no more.
  absl::Duration Take(const Rate& rate, absl::Time now);

  // IsUnused says whether a new one would be the same at `now`.
  bool IsUnused(absl::Time now) const { return unused_at_ <= now; }

 private:
  absl::Time unused_at_ = absl::InfinitePast();
};

}  // namespace signet

#endif  // SIGNET_SERVICE_RATE_TOKEN_BUCKET_H_
