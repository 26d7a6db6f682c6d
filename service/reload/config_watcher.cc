#include "service/reload/config_watcher.h"

#include <utility>

namespace signet {

ConfigWatcher::ConfigWatcher(ConfigReloader& reloader, absl::Duration interval)
    : reloader_(reloader), interval_(interval), thread_([this] { Run(); }) {}

ConfigWatcher::~ConfigWatcher() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  news_.notify_one();
  thread_.join();
}

void ConfigWatcher::ReloadNow() {
  {
    const std::lock_guard lock(mutex_);
    wanted_ = true;
  }
  news_.notify_one();
}

void ConfigWatcher::Run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    const bool wanted = std::exchange(wanted_, false);
    lock.unlock();
    // Both say what came of it in the log.
    if (wanted) {
      static_cast<void>(reloader_.Reload("signal"));
    } else {
      Look();
    }
    lock.lock();
    news_.wait_for(lock, absl::ToChronoNanoseconds(interval_),
                   [this]() ABSL_NO_THREAD_SAFETY_ANALYSIS {
                     return wanted_ || stopping_;
                   });
  }
}

void ConfigWatcher::Look() {
  reloader_.FreeReplaced();
  const std::vector<FileMark> read = reloader_.marks();
  std::vector<FileMark> now = MarkAgain(read);
  const bool settled = now == last_look_;
  last_look_ = std::move(now);
  if (settled && last_look_ != read) {
    static_cast<void>(reloader_.Reload("file"));
  }
}

}  // namespace signet
