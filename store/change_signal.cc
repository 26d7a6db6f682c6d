#include "store/change_signal.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace signet {

void ChangeSignal::Change() { Send(Heard::kChange); }

void ChangeSignal::Wake() { Send(Heard::kWake); }

void ChangeSignal::Send(Heard what) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    // A wake is not forgotten for a change.
    heard_ = std::max(heard_, what);
  }
  sent_.notify_one();
}

ChangeSignal::Heard ChangeSignal::Wait(absl::Duration at_most) {
  std::unique_lock<std::mutex> lock(mutex_);
  sent_.wait_until(
      lock,
      std::chrono::steady_clock::now() + absl::ToChronoNanoseconds(at_most),
      [this] { return heard_ != Heard::kNothing; });
  return std::exchange(heard_, Heard::kNothing);
}

}  // namespace signet
