#ifndef SIGNET_STORE_CHANGE_SIGNAL_H_
#define SIGNET_STORE_CHANGE_SIGNAL_H_

#include <condition_variable>
#include <mutex>

#include "absl/time/time.h"

namespace signet {

// ChangeSignal has a thread wait, and others end that. What is sent while
// nobody waits ends the next wait.
class ChangeSignal {
 public:
  enum class Heard { kNothing, kChange, kWake };

  // Something has changed. May be called from any thread, as may Wake.
  void Change();
  void Wake();

  // Wait returns as soon as something is sent, or after `at_most`.
  Heard Wait(absl::Duration at_most);

 private:
  void Send(Heard what);

  std::mutex mutex_;
  std::condition_variable sent_;
  Heard heard_ = Heard::kNothing;
};

}  // namespace signet

#endif  // SIGNET_STORE_CHANGE_SIGNAL_H_
