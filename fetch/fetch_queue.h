#ifndef SIGNET_FETCH_FETCH_QUEUE_H_
#define SIGNET_FETCH_FETCH_QUEUE_H_

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"

namespace signet {

// FetchCapacity bounds how many requests a fetcher has at a time.
struct FetchCapacity {
  int running = 128;
  int running_per_host = 4;
  size_t waiting = 4096;
};

// HostHealth is how the last request to a host fared: whether it was answered.
enum class HostHealth { kWell, kIll };

// FetchQueue decides which request runs next: the one that waits the longest,
// of those whose host has less than its share running. Hosts that have failed
// last time have half of all places at most, so that however many of them take
// up their whole time, others find a place. It is for one thread.
template <typename Request>
class FetchQueue {
 public:
  // Place is what a request that runs takes up, to be given back with End.
  struct Place {
    std::string host;
    HostHealth health;
  };
  struct Running {
    Request request;
    Place place;
  };

  explicit FetchQueue(const FetchCapacity& capacity) : capacity_(capacity) {}

  bool IsFull() const { return waiting_.size() >= capacity_.waiting; }

  // Add has `request` wait for its turn. The queue must not be full.
  void Add(std::string host, Request request) {
    waiting_.push_back({std::move(host), std::move(request)});
    none_may_run_ = false;
  }

  // StartNext takes out the request that is to run now; nullopt if none may.
  std::optional<Running> StartNext() {
    if (none_may_run_ || running_ >= capacity_.running) return std::nullopt;
    for (auto it = waiting_.begin(); it != waiting_.end(); ++it) {
      Host& host = hosts_[it->host];
      if (MayRun(host)) {
        ++running_;
        ++host.running;
        if (host.health == HostHealth::kIll) ++running_ill_;
        Running started = {std::move(it->request),
                           {std::move(it->host), host.health}};
        waiting_.erase(it);
        return started;
      }
    }
    // Spares looking through the queue again until there is a reason.
    none_may_run_ = true;
    return std::nullopt;
  }

  // End gives back the place of a request that has ended.
  void End(const Place& place, HostHealth health) {
    none_may_run_ = false;
    --running_;
    if (place.health == HostHealth::kIll) --running_ill_;
    Host& host = hosts_[place.host];
    --host.running;
    // So many ill hosts are remembered as may wait.
    const bool may_remember = hosts_.size() <= capacity_.waiting;
    host.health = may_remember ? health : HostHealth::kWell;
    if (host.running == 0 && host.health == HostHealth::kWell) {
      hosts_.erase(place.host);
    }
  }

  // TakeWaiting takes out the request that waits the longest; nullopt if none
  // does.
  std::optional<Request> TakeWaiting() {
    if (waiting_.empty()) return std::nullopt;
    Request request = std::move(waiting_.front().request);
    waiting_.pop_front();
    return request;
  }

 private:
  struct Waiting {
    std::string host;
    Request request;
  };
  struct Host {
    int running = 0;
    HostHealth health = HostHealth::kWell;
  };

  bool MayRun(const Host& host) const {
    return host.running < capacity_.running_per_host &&
           (host.health == HostHealth::kWell ||
            running_ill_ < (capacity_.running + 1) / 2);
  }

  const FetchCapacity capacity_;
  std::deque<Waiting> waiting_;
  // Those that have something running or waiting, or are ill.
  absl::flat_hash_map<std::string, Host> hosts_;
  int running_ = 0;
  int running_ill_ = 0;
  // Since the last look, nothing has come that could.
  bool none_may_run_ = true;
};

}  // namespace signet

#endif  // SIGNET_FETCH_FETCH_QUEUE_H_
