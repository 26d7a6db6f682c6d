#include "store/wake_descriptor.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

namespace signet {

WakeDescriptor::WakeDescriptor()
    : descriptor_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (descriptor_ < 0) std::abort();
}

WakeDescriptor::~WakeDescriptor() { close(descriptor_); }

void WakeDescriptor::Wake() const {
  // Fails only if it has been called so often that it is readable anyway.
  eventfd_write(descriptor_, 1);
}

void WakeDescriptor::Wait(absl::Duration at_most) const {
  pollfd descriptor = {.fd = descriptor_, .events = POLLIN, .revents = 0};
  poll(&descriptor, 1, static_cast<int>(absl::ToInt64Milliseconds(at_most)));
}

void WakeDescriptor::Forget() const {
  eventfd_t ignored = 0;
  eventfd_read(descriptor_, &ignored);
}

}  // namespace signet
