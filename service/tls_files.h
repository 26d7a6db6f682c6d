#ifndef SIGNET_SERVICE_TLS_FILES_H_
#define SIGNET_SERVICE_TLS_FILES_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "keys/file_contents.h"
#include "signet/config/v1/config.pb.h"

namespace signet {

// TlsSource says where the files of a Tls message are: `field` is the path of
// the message in the configuration, and relative paths are relative to
// `folder`.
struct TlsSource {
  std::string field;
  config::v1::Tls tls;
  std::string folder;
};

// TlsFiles is what the files of a Tls message hold, in PEM.
struct TlsFiles {
  TlsSource source;
  std::string certificate;
  FileContents private_key;
  // Empty, if clients need no certificate.
  std::string client_ca;
};

// ReadTlsFiles reads the files and checks that a server can use them: the
// certificates are whole and valid at `now`, and the private key belongs to
// them. Nobody else would report any of this where it is seen. Errors begin
// with the source's field, and the one of its fields that is at fault.
absl::StatusOr<TlsFiles> ReadTlsFiles(const TlsSource& source, absl::Time now);

}  // namespace signet

#endif  // SIGNET_SERVICE_TLS_FILES_H_
