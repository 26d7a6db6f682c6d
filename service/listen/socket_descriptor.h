#ifndef SIGNET_SERVICE_LISTEN_SOCKET_DESCRIPTOR_H_
#define SIGNET_SERVICE_LISTEN_SOCKET_DESCRIPTOR_H_

#include <unistd.h>

#include <utility>

namespace signet {

// SocketDescriptor owns a descriptor of the system, and closes it.
class SocketDescriptor {
 public:
  explicit SocketDescriptor(int number) : number_(number) {}
  SocketDescriptor(SocketDescriptor&& other) noexcept
      : number_(std::exchange(other.number_, -1)) {}
  SocketDescriptor& operator=(SocketDescriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~SocketDescriptor() {
    if (number_ >= 0) close(number_);
  }

  // number is negative, if there is none.
  int number() const { return number_; }

  // Release gives the descriptor to somebody who will close it.
  int Release() && { return std::exchange(number_, -1); }

 private:
  int number_;
};

}  // namespace signet

#endif  // SIGNET_SERVICE_LISTEN_SOCKET_DESCRIPTOR_H_
