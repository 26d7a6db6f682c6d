#ifndef SIGNET_KEYS_KEY_PREPARER_THREAD_H_
#define SIGNET_KEYS_KEY_PREPARER_THREAD_H_

#include <atomic>
#include <chrono>
#include <thread>

#include "keys/key_preparer.h"

namespace signet {

// KeyPreparerThread is a thread that builds tables while it lives: as soon as
// keys ask. It also lets them cool.
class KeyPreparerThread {
 public:
  // How long an era is, at the end of which all keys cool by half. So a key is
  // hot that is used more than a few times a second.
  static constexpr std::chrono::seconds kEra{10};

  // `preparer` must outlive the thread, and can have no other one afterwards.
  explicit KeyPreparerThread(KeyPreparer& preparer);

  // The thread holds its address.
  KeyPreparerThread(const KeyPreparerThread&) = delete;
  KeyPreparerThread& operator=(const KeyPreparerThread&) = delete;

  // The destructor waits for the thread's end, which comes after the table that
  // it is building.
  ~KeyPreparerThread();

 private:
  void Run();

  KeyPreparer& preparer_;
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

}  // namespace signet

#endif  // SIGNET_KEYS_KEY_PREPARER_THREAD_H_
