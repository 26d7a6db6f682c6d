#include "keys/key_preparer_thread.h"

#include <algorithm>

namespace signet {
namespace {

using Clock = std::chrono::steady_clock;

// How long to leave readers alone with a table that they may be reading.
constexpr std::chrono::milliseconds kPatience{10};

}  // namespace

KeyPreparerThread::KeyPreparerThread(KeyPreparer& preparer)
    : preparer_(preparer), thread_([this] { Run(); }) {}

KeyPreparerThread::~KeyPreparerThread() {
  // Relaxed: the mutex of StopWaiting orders it.
  stop_.store(true, std::memory_order_relaxed);
  preparer_.demand()->StopWaiting();
  thread_.join();
}

void KeyPreparerThread::Run() {
  TableDemand& demand = *preparer_.demand();
  Clock::time_point era_end = Clock::now() + kEra;
  while (!stop_.load(std::memory_order_relaxed)) {
    if (Clock::now() >= era_end) {
      demand.BeginEra();
      era_end += kEra;
    }
    switch (preparer_.PrepareOne()) {
      case KeyPreparer::Progress::kMoreToDo:
        break;
      case KeyPreparer::Progress::kNothingToDo:
        demand.WaitForAsking(era_end);
        break;
      case KeyPreparer::Progress::kWaitingForReaders:
        demand.WaitForAsking(std::min(era_end, Clock::now() + kPatience));
        break;
    }
  }
}

}  // namespace signet
