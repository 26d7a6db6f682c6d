#ifndef SIGNET_SERVICE_LISTEN_ADDRESS_H_
#define SIGNET_SERVICE_LISTEN_ADDRESS_H_

#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace signet {

// ListenAddress is where a server listens: a TCP port of a host, or a Unix
// domain socket.
class ListenAddress {
 public:
  // Parse reads "HOST:PORT", where HOST is an IPv4 address, an IPv6 address in
  // brackets or a host name, or "unix:PATH". Port 0 lets the system choose.
  // Whatever else a resolver might take for an address ("127.1", "0x7f.1") is
  // refused. Errors are InvalidArgument, one line each.
  static absl::StatusOr<ListenAddress> Parse(absl::string_view text);

  // is_loopback reports whether only this machine can connect: an address in
  // 127.0.0.0/8 (also mapped into IPv6), ::1, the name "localhost" (RFC 6761
  // section 6.3) or a Unix domain socket.
  bool is_loopback() const { return reach_ == Reach::kThisMachine; }

  bool is_unix_socket() const;

  // text is the address as Parse reads it, with IP addresses in their canonical
  // form (RFC 5952).
  const std::string& text() const { return text_; }

  // ToGrpcTarget returns the address as gRPC's clients take it.
  std::string ToGrpcTarget() const;

  // TextWith is text with another port, unless it is a Unix socket: what became
  // of port 0.
  std::string TextWith(int port) const;

  // host is an IP address, without brackets, or a host name; port is from 0 to
  // 65535. Not for Unix sockets.
  std::string host() const;
  int port() const;

  // unix_path is the path of a Unix socket.
  std::string unix_path() const;

 private:
  enum class Reach { kThisMachine, kNetwork };

  ListenAddress(std::string text, Reach reach)
      : text_(std::move(text)), reach_(reach) {}

  static absl::StatusOr<ListenAddress> ParseUnquoted(absl::string_view text);
  static absl::StatusOr<ListenAddress> ParseUnix(absl::string_view path);
  static absl::StatusOr<ListenAddress> ParseIpv6(absl::string_view host,
                                                 int port);
  static absl::StatusOr<ListenAddress> ParseIpv4OrName(absl::string_view host,
                                                       int port);

  std::string text_;
  Reach reach_;
};

}  // namespace signet

#endif  // SIGNET_SERVICE_LISTEN_ADDRESS_H_
