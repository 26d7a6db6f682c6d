#ifndef SIGNET_TESTS_RUN_AT_ONCE_H_
#define SIGNET_TESTS_RUN_AT_ONCE_H_

#include <array>
#include <cstdint>
#include <thread>

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace signet {

// RunAtOnce runs each of `works` in a thread of its own, over and over with 0,
// 1, 2 and so on, for `duration`.
template <typename... Works>
void RunAtOnce(absl::Duration duration, const Works&... works) {
  const absl::Time end = absl::Now() + duration;
  const auto repeat = [end](const auto& work) {
    for (uint64_t i = 0; absl::Now() < end; ++i) work(i);
  };
  std::array<std::thread, sizeof...(works)> threads = {
      std::thread([&repeat, &works] { repeat(works); })...};
  for (std::thread& thread : threads) thread.join();
}

}  // namespace signet

#endif  // SIGNET_TESTS_RUN_AT_ONCE_H_
