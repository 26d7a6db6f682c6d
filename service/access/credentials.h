#ifndef SIGNET_SERVICE_ACCESS_CREDENTIALS_H_
#define SIGNET_SERVICE_ACCESS_CREDENTIALS_H_

#include <vector>

#include "absl/strings/string_view.h"

namespace signet {

// Credentials are what a call shows of its caller. Views live for the call.
struct Credentials {
  // What the certificate says of whom it is for, if there is one; it is good.
  bool has_certificate = false;
  std::vector<absl::string_view> uris;
  std::vector<absl::string_view> dns_names;
  // The values of `authorization` in the metadata, which nobody has checked.
  std::vector<absl::string_view> authorizations;
};

}  // namespace signet

#endif  // SIGNET_SERVICE_ACCESS_CREDENTIALS_H_
