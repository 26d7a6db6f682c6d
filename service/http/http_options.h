#ifndef SIGNET_SERVICE_HTTP_HTTP_OPTIONS_H_
#define SIGNET_SERVICE_HTTP_HTTP_OPTIONS_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "service/http/http_clients.h"
#include "service/http/introspection.h"
#include "service/listen_address.h"
#include "service/server_setup.h"
#include "service/tls_files.h"
#include "signet/config/v1/config.pb.h"

namespace signet {

// HttpLimits bounds what clients can make the server do.
// proto/signet/config/v1/config.proto documents each field.
struct HttpLimits {
  uint32_t max_body_bytes = 64 << 10;
  uint32_t max_header_bytes = 16 << 10;
  uint32_t max_connections = 64;
  absl::Duration request_timeout = absl::Seconds(10);
  absl::Duration keep_alive_timeout = absl::Seconds(5);
};

// MetricsReaders are those who may read /metrics.
enum class MetricsReaders {
  kClients,   // With the permission to.
  kEveryone,  // Who can connect.
};

// HttpOptions is what a configuration's `http` comes to.
struct HttpOptions {
  ListenAddress address;
  std::optional<TlsFiles> tls;
  HttpClients clients;
  std::optional<AnswerSigner> signer;
  HttpLimits limits;
  MetricsReaders metrics_readers = MetricsReaders::kClients;
};

// ReadHttpOptions returns InvalidArgument, beginning with the field at fault,
// if the configuration does not hold together, or not with `setup`; beyond
// loopback it demands TLS unless the configuration does without in so many
// words. Certificates must be valid at `now`. Relative paths are relative to
// `folder`.
absl::StatusOr<HttpOptions> ReadHttpOptions(const config::v1::Http& config,
                                            const ServerSetup& setup,
                                            const std::string& folder,
                                            absl::Time now);

}  // namespace signet

#endif  // SIGNET_SERVICE_HTTP_HTTP_OPTIONS_H_
