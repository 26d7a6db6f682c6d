#include "service/remote_refresher.h"

#include <utility>

#include "absl/time/time.h"

namespace signet {

RemoteRefresher::RemoteRefresher(std::shared_ptr<RemoteIssuers> issuers,
                                 std::unique_ptr<Fetcher> fetcher,
                                 EventLog& log, RemoteIssuers::Keep keep)
    : fetcher_(std::move(fetcher)),
      log_(log),
      keep_(std::move(keep)),
      issuers_(std::move(issuers)) {
  issuers_->Start(*fetcher_, log_, keep_);
  thread_ = std::thread([this] { Run(); });
}

RemoteRefresher::~RemoteRefresher() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stop_.notify_one();
  thread_.join();
  DropOld();
  issuers()->Stop();
  fetcher_.reset();
}

void RemoteRefresher::Switch(std::shared_ptr<RemoteIssuers> issuers) {
  issuers->Start(*fetcher_, log_, keep_);
  const std::lock_guard lock(mutex_);
  old_.push_back(std::exchange(issuers_, std::move(issuers)));
}

void RemoteRefresher::DropOld() {
  std::vector<std::shared_ptr<RemoteIssuers>> old;
  {
    const std::lock_guard lock(mutex_);
    old = old_;
  }
  // Not under the lock: who is told asks anew at once.
  for (const auto& each : old) each->Stop();
}

void RemoteRefresher::ForgetIdle() {
  const std::lock_guard lock(mutex_);
  std::erase_if(old_, [](const auto& each) { return each->IsIdle(); });
}

std::shared_ptr<RemoteIssuers> RemoteRefresher::issuers() const {
  const std::lock_guard lock(mutex_);
  return issuers_;
}

void RemoteRefresher::Run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    issuers()->FetchDue();
    ForgetIdle();
    lock.lock();
    stop_.wait_for(lock, absl::ToChronoNanoseconds(kFetchInterval),
                   [this]()
                       ABSL_NO_THREAD_SAFETY_ANALYSIS { return stopping_; });
  }
}

}  // namespace signet
