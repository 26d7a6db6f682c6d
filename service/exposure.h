#ifndef SIGNET_SERVICE_EXPOSURE_H_
#define SIGNET_SERVICE_EXPOSURE_H_

#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "grpcpp/security/server_credentials.h"
#include "service/listen_address.h"
#include "service/reloadable_credentials.h"
#include "service/tls_files.h"
#include "signet/config/v1/config.pb.h"

namespace signet {

// Channelz is whether grpc.channelz.v1.Channelz is served.
enum class Channelz { kOff, kOn };

// Exposure is where the server may be reached, and how it knows its callers.
struct Exposure {
  ListenAddress address;
  // Keep what `tls` holds. Null for a Unix socket without TLS, where callers
  // are known as users of this machine.
  std::shared_ptr<grpc::ServerCredentials> credentials;
  // Nothing and null, if no TLS is spoken.
  std::optional<TlsFiles> tls_files;
  std::shared_ptr<ReloadableCredentials> tls;
  // What callers may learn of each other's connections.
  Channelz channelz = Channelz::kOff;
};

// PlanExposure checks the configuration's `listen`. Beyond loopback it demands
// TLS and client certificates, unless the configuration does without in so
// many words: whoever can connect can read tokens and have them signed. The
// certificates must be valid at `now`.
// InvalidArgument begins with the field at fault. Relative paths are relative
// to `folder`.
absl::StatusOr<Exposure> PlanExposure(const config::v1::Listen& listen,
                                      const std::string& folder,
                                      absl::Time now);

}  // namespace signet

#endif  // SIGNET_SERVICE_EXPOSURE_H_
