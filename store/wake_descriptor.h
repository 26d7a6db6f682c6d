#ifndef SIGNET_STORE_WAKE_DESCRIPTOR_H_
#define SIGNET_STORE_WAKE_DESCRIPTOR_H_

#include "absl/time/time.h"

namespace signet {

// WakeDescriptor is a file descriptor that becomes readable when somebody calls
// Wake, so that one can wait for that and for a socket together.
class WakeDescriptor {
 public:
  // The process ends if it can have no more descriptors.
  WakeDescriptor();
  // Stands for a descriptor, of which there is one.
  WakeDescriptor(const WakeDescriptor&) = delete;
  WakeDescriptor& operator=(const WakeDescriptor&) = delete;
  ~WakeDescriptor();

  // Wake may be called from any thread.
  void Wake() const;
  // Wait returns once Wake was called, or `at_most` has passed.
  void Wait(absl::Duration at_most) const;
  // Forget has what was called so far not count any more.
  void Forget() const;

  int descriptor() const { return descriptor_; }

 private:
  const int descriptor_;
};

}  // namespace signet

#endif  // SIGNET_STORE_WAKE_DESCRIPTOR_H_
