#ifndef SIGNET_SERVICE_ACCESS_CREDENTIALS_H_
#define SIGNET_SERVICE_ACCESS_CREDENTIALS_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/strings/string_view.h"

namespace signet {

// kUserIdProperty is what GrpcDoors say of the user a call comes from, in
// gRPC's AuthContext: a decimal number.
inline constexpr char kUserIdProperty[] = "signet_user_id";

// Credentials are what a call shows of its caller. Views live for the call.
struct Credentials {
  // What the certificate says of whom it is for, if there is one; it is good.
  bool has_certificate = false;
  std::vector<absl::string_view> uris;
  std::vector<absl::string_view> dns_names;
  // The user of this machine, at a Unix socket.
  std::optional<uint32_t> user_id;
  // The values of `authorization` in the metadata, which nobody has checked.
  std::vector<absl::string_view> authorizations;
};

}  // namespace signet

#endif  // SIGNET_SERVICE_ACCESS_CREDENTIALS_H_
