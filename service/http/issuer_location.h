#ifndef SIGNET_SERVICE_HTTP_ISSUER_LOCATION_H_
#define SIGNET_SERVICE_HTTP_ISSUER_LOCATION_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace signet {

// IssuerLocation is where the documents of an issuer are, whose name is a URL.
struct IssuerLocation {
  // "https://id.example:8443"
  std::string origin;
  // As NormalHost returns it.
  std::string host;
  // "/tenant", or empty; without a slash at the end.
  std::string path;
};

// LocateIssuer takes the name of an issuer apart. Nothing, unless it is an http
// or https URL without query and fragment (RFC 8414 section 2), spelled as it
// would arrive in a request: no user, no empty, "." or ".." segments.
std::optional<IssuerLocation> LocateIssuer(absl::string_view issuer);

// NormalHost returns a host, with its port or not, in the one spelling that can
// be compared: in lower case, and without a default port.
std::string NormalHost(absl::string_view host);

}  // namespace signet

#endif  // SIGNET_SERVICE_HTTP_ISSUER_LOCATION_H_
