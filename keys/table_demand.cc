#include "keys/table_demand.h"

#include <utility>

#include "keys/prepared_key.h"

namespace signet {

void TableDemand::Ask(std::weak_ptr<PreparedKey> key) {
  {
    const std::lock_guard lock(mutex_);
    asked_.push_back(std::move(key));
  }
  changed_.notify_all();
}

std::vector<std::weak_ptr<PreparedKey>> TableDemand::TakeAsked() {
  const std::lock_guard lock(mutex_);
  return std::exchange(asked_, {});
}

void TableDemand::WaitForAsking(std::chrono::steady_clock::time_point until) {
  std::unique_lock lock(mutex_);
  changed_.wait_until(lock, until,
                      [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
                        return is_stopped_ || !asked_.empty();
                      });
}

void TableDemand::StopWaiting() {
  {
    const std::lock_guard lock(mutex_);
    is_stopped_ = true;
  }
  changed_.notify_all();
}

}  // namespace signet
