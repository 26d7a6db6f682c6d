#include "service/listen/open_connections.h"

#include <sys/socket.h>

#include <algorithm>
#include <optional>

namespace signet {
namespace {

// For files, the store, the HTTP face and what is being fetched.
constexpr size_t kReservedDescriptors = 512;

// Looking at 8,192 connections takes about 2 ms: so a flood of those that are
// refused does not have this done for each.
constexpr absl::Duration kSweepInterval = absl::Milliseconds(50);

// The number that no other socket has; nothing, if this is no open socket.
std::optional<uint64_t> CookieOf(int descriptor) {
  uint64_t cookie = 0;
  socklen_t size = sizeof(cookie);
  if (getsockopt(descriptor, SOL_SOCKET, SO_COOKIE, &cookie, &size) != 0) {
    return std::nullopt;
  }
  return cookie;
}

}  // namespace

ConnectionCaps WithinDescriptors(ConnectionCaps caps, size_t descriptors) {
  // With very few, half.
  const size_t kept = std::min(kReservedDescriptors, descriptors / 2);
  caps.total = std::clamp<size_t>(descriptors - kept, 1, caps.total);
  return caps;
}

OpenConnections::Admission OpenConnections::Admit(int descriptor,
                                                  const Origin& origin) {
  const std::optional<uint64_t> cookie = CookieOf(descriptor);
  const std::lock_guard lock(mutex_);
  Admission admission = cookie ? Judge(origin) : Admission::kTooMany;
  if (cookie && admission != Admission::kAdmitted &&
      elapsed_() - swept_ >= kSweepInterval) {
    Sweep();
    admission = Judge(origin);
  }
  switch (admission) {
    case Admission::kAdmitted:
      connections_.push_back({descriptor, *cookie, origin});
      ++by_origin_[origin];
      ++figures_.admitted;
      break;
    case Admission::kTooMany:
      ++figures_.too_many;
      break;
    case Admission::kTooManyFromOrigin:
      ++figures_.too_many_from_origin;
      break;
  }
  return admission;
}

void OpenConnections::CountFailure() {
  const std::lock_guard lock(mutex_);
  ++figures_.failures;
}

OpenConnections::Figures OpenConnections::Look() {
  const std::lock_guard lock(mutex_);
  Sweep();
  Figures figures = figures_;
  figures.open = connections_.size();
  return figures;
}

void OpenConnections::Sweep() {
  swept_ = elapsed_();
  const auto is_closed = [&](const Connection& connection) {
    if (CookieOf(connection.descriptor) == connection.cookie) return false;
    const auto count = by_origin_.find(connection.origin);
    if (--count->second == 0) by_origin_.erase(count);
    return true;
  };
  connections_.erase(
      std::remove_if(connections_.begin(), connections_.end(), is_closed),
      connections_.end());
}

OpenConnections::Admission OpenConnections::Judge(const Origin& origin) const {
  if (connections_.size() >= caps_.total) return Admission::kTooMany;
  const auto count = by_origin_.find(origin);
  return count != by_origin_.end() && count->second >= caps_.per_origin
             ? Admission::kTooManyFromOrigin
             : Admission::kAdmitted;
}

}  // namespace signet
