#ifndef SIGNET_SERVICE_VERIFY_COALESCER_H_
#define SIGNET_SERVICE_VERIFY_COALESCER_H_

#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "signet/v1/token_service.pb.h"

namespace signet {

// VerifyCoalescer verifies as one batch what several callers of Verify ask at
// the same moment. Nobody waits for company, and there are no timers: a call
// that comes while nothing is being verified is verified at once.
//
// A thread that submits a call adds it to the queue. It becomes a verifier if
// there is none, or if kWorthAnother calls wait and fewer threads verify than
// may; otherwise it returns at once, and so is free to receive the next call. A
// verifier takes what waits, oldest first and at most kMaxBatch, verifies that
// as one batch, and answers each call. Then it looks again: it leaves if
// nothing waits any more, or if another verifier is there, who will look in its
// turn; only the last one stays. So while a call waits there is a verifier, and
// no call is lost; and as each verifier takes the oldest before it may leave,
// none starves. One that stays asks for relief, and the next call's thread
// takes its place: so after its first batch, no thread begins another once a
// call has come that could do without it.
//
// What it gains with ES256 and 64 calls under way, on two cores, is less than
// what the measurement varies by (the medians are 5 % apart, single rounds up
// to 35 %, with batches of 1.3 calls, or of 1.9 without tables): gRPC hands
// calls over on as many threads as there are cores, and the rest of a call
// costs as much as its verification. If every thread that may verify did so at
// once, there would be no batches at all.
//
// All state is under one mutex, which is held to queue and to take, and never
// while verifying.
class VerifyCoalescer {
 public:
  // Call is one that waits for its answer.
  class Call {
   public:
    virtual ~Call() = default;

    virtual const v1::VerifyRequest& request() const = 0;

    // Answer is called once, by whichever thread has verified. The call may be
    // gone when it returns.
    virtual void Answer(absl::StatusOr<v1::VerifyResponse> answer) = 0;
  };

  // VerifyAll returns an answer for each request, in their order.
  using VerifyAll =
      std::function<std::vector<absl::StatusOr<v1::VerifyResponse>>(
          absl::Span<const v1::VerifyRequest* const>)>;

  static constexpr size_t kMaxBatch = 64;

  // kWorthAnother is how many wait when another thread joins in.
  static constexpr size_t kWorthAnother = 4;

  // At most `max_verifiers` threads verify at a time, or 2 if that is less: one
  // who stays needs one who relieves it.
  VerifyCoalescer(size_t max_verifiers, VerifyAll verify_all);

  // Threads that submit hold its address.
  VerifyCoalescer(const VerifyCoalescer&) = delete;
  VerifyCoalescer& operator=(const VerifyCoalescer&) = delete;

  // Submit has `call` answered, perhaps before it returns. The coalescer must
  // outlive the call of Submit.
  void Submit(Call& call);

 private:
  // Whether the thread that submits is to verify, too.
  bool IsVerifierWanted() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Takes what a verifier verifies next.
  std::vector<Call*> TakeBatch() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Verify(absl::Span<Call* const> batch) const;

  const size_t max_verifiers_;
  const VerifyAll verify_all_;

  // ThreadSanitizer knows this mutex, and not Abseil's from a package.
  std::mutex mutex_;
  std::deque<Call*> waiting_ ABSL_GUARDED_BY(mutex_);
  size_t verifiers_ ABSL_GUARDED_BY(mutex_) = 0;
  // The only verifier has done its first batch.
  bool wants_relief_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace signet

#endif  // SIGNET_SERVICE_VERIFY_COALESCER_H_
