#ifndef SIGNET_SERVICE_REMOTE_REFRESHER_H_
#define SIGNET_SERVICE_REMOTE_REFRESHER_H_

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "fetch/fetcher.h"
#include "service/event_log.h"
#include "service/remote_issuers.h"

namespace signet {

// RemoteRefresher is a thread that has the keys of remote issuers fetched when
// they are due. It runs from construction to destruction.
class RemoteRefresher {
 public:
  // `log`, and whatever `keep` needs, must outlive the refresher.
  RemoteRefresher(std::shared_ptr<RemoteIssuers> issuers,
                  std::unique_ptr<Fetcher> fetcher, EventLog& log,
                  RemoteIssuers::Keep keep);
  // Its thread holds its address.
  RemoteRefresher(const RemoteRefresher&) = delete;
  RemoteRefresher& operator=(const RemoteRefresher&) = delete;
  // Has everyone who waits for a fetch told that there is none any more.
  ~RemoteRefresher();

 private:
  void Run();

  const std::shared_ptr<RemoteIssuers> issuers_;
  std::unique_ptr<Fetcher> fetcher_;

  std::mutex mutex_;
  std::condition_variable stop_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace signet

#endif  // SIGNET_SERVICE_REMOTE_REFRESHER_H_
