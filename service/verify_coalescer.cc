#include "service/verify_coalescer.h"

#include <algorithm>
#include <utility>

namespace signet {

VerifyCoalescer::VerifyCoalescer(size_t max_verifiers, VerifyAll verify_all)
    : max_verifiers_(std::max<size_t>(max_verifiers, 2)),
      verify_all_(std::move(verify_all)) {}

void VerifyCoalescer::Submit(Call& call) {
  std::unique_lock lock(mutex_);
  waiting_.push_back(&call);
  if (!IsVerifierWanted()) return;
  ++verifiers_;
  wants_relief_ = false;
  while (true) {
    const std::vector<Call*> batch = TakeBatch();
    lock.unlock();
    Verify(batch);
    lock.lock();
    if (waiting_.empty() || verifiers_ > 1) break;
    wants_relief_ = true;
  }
  --verifiers_;
}

bool VerifyCoalescer::IsVerifierWanted() const {
  if (verifiers_ == 0) return true;
  if (verifiers_ == max_verifiers_) return false;
  return wants_relief_ || waiting_.size() >= kWorthAnother;
}

std::vector<VerifyCoalescer::Call*> VerifyCoalescer::TakeBatch() {
  const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(
                                          std::min(waiting_.size(), kMaxBatch));
  std::vector<Call*> batch(waiting_.begin(), end);
  waiting_.erase(waiting_.begin(), end);
  return batch;
}

void VerifyCoalescer::Verify(absl::Span<Call* const> batch) const {
  std::vector<const v1::VerifyRequest*> requests;
  requests.reserve(batch.size());
  for (const Call* call : batch) requests.push_back(&call->request());
  std::vector<absl::StatusOr<v1::VerifyResponse>> answers =
      verify_all_(requests);
  for (size_t i = 0; i < batch.size(); ++i) {
    batch[i]->Answer(std::move(answers[i]));
  }
}

}  // namespace signet
