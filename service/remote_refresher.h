#ifndef SIGNET_SERVICE_REMOTE_REFRESHER_H_
#define SIGNET_SERVICE_REMOTE_REFRESHER_H_

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

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

  // Switch has the keys of `issuers` fetched from now on, beside those before.
  void Switch(std::shared_ptr<RemoteIssuers> issuers);
  // DropOld stops what was there before the last Switch: who waits for its
  // fetches is told.
  void DropOld();

 private:
  void Run();
  // Lets go of what nobody calls any more.
  void ForgetIdle();
  std::shared_ptr<RemoteIssuers> issuers() const;

  std::unique_ptr<Fetcher> fetcher_;
  EventLog& log_;
  const RemoteIssuers::Keep keep_;

  mutable std::mutex mutex_;
  std::shared_ptr<RemoteIssuers> issuers_ ABSL_GUARDED_BY(mutex_);
  // Which may be called yet.
  std::vector<std::shared_ptr<RemoteIssuers>> old_ ABSL_GUARDED_BY(mutex_);
  std::condition_variable stop_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace signet

#endif  // SIGNET_SERVICE_REMOTE_REFRESHER_H_
