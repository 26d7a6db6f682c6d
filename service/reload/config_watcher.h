#ifndef SIGNET_SERVICE_RELOAD_CONFIG_WATCHER_H_
#define SIGNET_SERVICE_RELOAD_CONFIG_WATCHER_H_

#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/time/time.h"
#include "service/reload/config_reloader.h"
#include "service/reload/file_marks.h"

namespace signet {

// ConfigWatcher is a thread that has the configuration reloaded when it, or a
// file that it names, has changed, and whenever it is asked to. It looks at the
// files (stat) rather than have the kernel tell: that finds a file that was
// written, one that was renamed into place and one behind a link that was
// switched all the same, on any file system, and misses nothing.
//
// A file that has changed is read once it has stayed the same from one look to
// the next, so that one that is being written is not read half. It runs from
// construction to destruction.
class ConfigWatcher {
 public:
  static constexpr absl::Duration kLookInterval = absl::Seconds(1);

  // `reloader` must outlive the watcher.
  explicit ConfigWatcher(ConfigReloader& reloader,
                         absl::Duration interval = kLookInterval);
  // Its thread holds its address.
  ConfigWatcher(const ConfigWatcher&) = delete;
  ConfigWatcher& operator=(const ConfigWatcher&) = delete;
  ~ConfigWatcher();

  // ReloadNow has the configuration reloaded soon, changed or not.
  void ReloadNow();

 private:
  void Run();
  void Look();

  ConfigReloader& reloader_;
  const absl::Duration interval_;
  // Of the thread alone: how the files looked the last time.
  std::vector<FileMark> last_look_;

  std::mutex mutex_;
  std::condition_variable news_;
  bool wanted_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace signet

#endif  // SIGNET_SERVICE_RELOAD_CONFIG_WATCHER_H_
