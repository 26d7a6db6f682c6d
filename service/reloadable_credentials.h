#ifndef SIGNET_SERVICE_RELOADABLE_CREDENTIALS_H_
#define SIGNET_SERVICE_RELOADABLE_CREDENTIALS_H_

#include <memory>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "grpcpp/security/server_credentials.h"
#include "service/memory_file.h"
#include "service/tls_files.h"

namespace signet {

// ReloadableCredentials are gRPC's for a server that speaks TLS 1.2 or later,
// and can change its certificate, key and client CA while it serves. gRPC looks
// for other ones in files that it names once; these are in memory, and only
// what has been checked gets there. Must outlive the server.
class ReloadableCredentials {
 public:
  // kLookInterval is how often gRPC looks; so long it may be until a handshake
  // uses what has been replaced.
  static constexpr absl::Duration kLookInterval = absl::Seconds(1);

  // Create has the server use `files`. Clients must show a certificate if they
  // have a client CA. ResourceExhausted, if the system has no memory left.
  static absl::StatusOr<std::unique_ptr<ReloadableCredentials>> Create(
      const TlsFiles& files);

  // gRPC reads the files by their descriptors.
  ReloadableCredentials(const ReloadableCredentials&) = delete;
  ReloadableCredentials& operator=(const ReloadableCredentials&) = delete;
  ~ReloadableCredentials() = default;

  // grpc is what a server is started with.
  const std::shared_ptr<grpc::ServerCredentials>& grpc() const { return grpc_; }

  // Replace has handshakes that begin later use `files`. Connections that are
  // there stay. Whether clients must show a certificate stays, too.
  absl::Status Replace(const TlsFiles& files);

 private:
  ReloadableCredentials(MemoryFile identity,
                        std::optional<MemoryFile> client_ca);

  // Certificates and private key in one file, so that they change together.
  MemoryFile identity_;
  std::optional<MemoryFile> client_ca_;
  std::shared_ptr<grpc::ServerCredentials> grpc_;
};

}  // namespace signet

#endif  // SIGNET_SERVICE_RELOADABLE_CREDENTIALS_H_
