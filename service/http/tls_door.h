#ifndef SIGNET_SERVICE_HTTP_TLS_DOOR_H_
#define SIGNET_SERVICE_HTTP_TLS_DOOR_H_

#include <memory>
#include <mutex>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "service/http/system_openssl.h"
#include "service/tls_files.h"

namespace signet {

// TlsDoor is what civetweb does TLS with, 1.2 or later: a context of OpenSSL
// that has no certificate of its own, and gives each handshake, when it begins,
// the one of the moment. So it changes without a listener that is closed, and
// connections keep what they began with. No session outlives its connection:
// one that was resumed would not be asked for its certificate again. May be
// used from many threads at once, and must outlive the connections.
class TlsDoor {
 public:
  // Create begins with `files`. Clients must show a certificate if they have a
  // client CA. FailedPrecondition, if the system's OpenSSL 3 is not there;
  // InvalidArgument, if it does not take the files.
  static absl::StatusOr<std::unique_ptr<TlsDoor>> Create(const TlsFiles& files);

  // OpenSSL holds its address.
  TlsDoor(const TlsDoor&) = delete;
  TlsDoor& operator=(const TlsDoor&) = delete;
  ~TlsDoor() = default;

  // ReleaseContext returns an SSL_CTX, which the caller frees; once.
  void* ReleaseContext() { return entrance_.release(); }

  // Replace has handshakes that begin later use `files`. Whether clients must
  // show a certificate stays. InvalidArgument as Create; nothing has changed
  // then.
  absl::Status Replace(const TlsFiles& files);

 private:
  using Context = std::unique_ptr<SystemOpenssl::Context,
                                  void (*)(SystemOpenssl::Context*)>;

  TlsDoor(const SystemOpenssl& openssl, Context entrance)
      : openssl_(openssl), entrance_(std::move(entrance)) {}

  static int OnClientHello(SystemOpenssl::Connection* connection, int* alert,
                           void* door);

  const SystemOpenssl& openssl_;
  Context entrance_;
  std::mutex mutex_;
  // Has the certificate, the key and the client CA.
  Context current_ ABSL_GUARDED_BY(mutex_) = {nullptr, nullptr};
};

}  // namespace signet

#endif  // SIGNET_SERVICE_HTTP_TLS_DOOR_H_
