#ifndef SIGNET_SERVICE_TLS_FILES_H_
#define SIGNET_SERVICE_TLS_FILES_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "keys/file_contents.h"
#include "signet/config/v1/config.pb.h"

namespace signet {

// TlsFiles is what the files of a Tls message hold, in PEM.
struct TlsFiles {
  std::string certificate;
  FileContents private_key;
  // Empty, if clients need no certificate.
  std::string client_ca;
};

// ReadTlsFiles reads the files and checks that a server can use them: the
// certificates are whole and valid at `now`, and the private key belongs to
// them. Nobody else would report any of this where it is seen. Errors begin
// with `field`, the path of the message, and the one of its fields that is at
// fault. Relative paths are relative to `folder`.
absl::StatusOr<TlsFiles> ReadTlsFiles(absl::string_view field,
                                      const config::v1::Tls& tls,
                                      const std::string& folder,
                                      absl::Time now);

}  // namespace signet

#endif  // SIGNET_SERVICE_TLS_FILES_H_
