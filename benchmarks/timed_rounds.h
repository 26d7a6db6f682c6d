#ifndef SIGNET_BENCHMARKS_TIMED_ROUNDS_H_
#define SIGNET_BENCHMARKS_TIMED_ROUNDS_H_

#include <sched.h>

#include <algorithm>
#include <barrier>
#include <chrono>
#include <cstddef>
#include <thread>
#include <vector>

namespace signet {

// StayOnProcessor keeps this thread on one processor, so that threads compete
// for cache lines and not for processors, as far as there are enough.
inline void StayOnProcessor(size_t number) {
  cpu_set_t processors;
  CPU_ZERO(&processors);
  CPU_SET(number % std::thread::hardware_concurrency(), &processors);
  sched_setaffinity(0, sizeof(processors), &processors);
}

// TimeRound calls `work`, with the number of the thread, from `threads` threads
// at once, over and over for 20 ms. Adds nanoseconds to `times`, one for each
// call divided by `parts`: their median does not see the thread sent away for
// milliseconds.
template <typename Work>
void TimeRound(size_t threads, size_t parts, const Work& work,
               std::vector<double>& times) {
  using Clock = std::chrono::steady_clock;
  std::barrier start(static_cast<std::ptrdiff_t>(threads));
  std::vector<std::vector<double>> own_times(threads);
  std::vector<std::thread> workers;
  workers.reserve(threads);
  for (size_t i = 0; i < threads; ++i) {
    workers.emplace_back([&, i] {
      StayOnProcessor(i);
      start.arrive_and_wait();
      const auto end = Clock::now() + std::chrono::milliseconds(20);
      for (auto now = Clock::now(); now < end;) {
        work(i);
        const auto later = Clock::now();
        own_times[i].push_back(
            std::chrono::duration<double, std::nano>(later - now).count() /
            static_cast<double>(parts));
        now = later;
      }
    });
  }
  for (std::thread& worker : workers) worker.join();
  for (const auto& own : own_times) {
    times.insert(times.end(), own.begin(), own.end());
  }
}

// Median returns the median of `times`, and puts them in another order.
inline double Median(std::vector<double>& times) {
  const auto middle =
      times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
  std::nth_element(times.begin(), middle, times.end());
  return *middle;
}

}  // namespace signet

#endif  // SIGNET_BENCHMARKS_TIMED_ROUNDS_H_
