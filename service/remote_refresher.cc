#include "service/remote_refresher.h"

#include <utility>

#include "absl/time/time.h"

namespace signet {

RemoteRefresher::RemoteRefresher(std::shared_ptr<RemoteIssuers> issuers,
                                 std::unique_ptr<Fetcher> fetcher,
                                 EventLog& log, RemoteIssuers::Keep keep)
    : issuers_(std::move(issuers)), fetcher_(std::move(fetcher)) {
  issuers_->Start(*fetcher_, log, std::move(keep));
  thread_ = std::thread([this] { Run(); });
}

RemoteRefresher::~RemoteRefresher() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stop_.notify_one();
  thread_.join();
  issuers_->Stop();
  fetcher_.reset();
}

void RemoteRefresher::Run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    issuers_->FetchDue();
    lock.lock();
    stop_.wait_for(lock, absl::ToChronoNanoseconds(kFetchInterval),
                   [this]()
                       ABSL_NO_THREAD_SAFETY_ANALYSIS { return stopping_; });
  }
}

}  // namespace signet
