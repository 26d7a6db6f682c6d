#ifndef SIGNET_SERVICE_HTTP_HTTP_SERVER_H_
#define SIGNET_SERVICE_HTTP_HTTP_SERVER_H_

#include <memory>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "keys/published.h"
#include "service/clock.h"
#include "service/http/http_face.h"
#include "service/http/http_options.h"
#include "service/listen_address.h"
#include "service/tls_files.h"

namespace signet {

// HttpServerOptions says how to serve.
struct HttpServerOptions {
  // Which may be replaced: a request is answered by one.
  std::shared_ptr<const Published<HttpFace>> face;
  Clock clock = [] { return absl::Now(); };
};

// HttpServer serves an HttpFace over HTTP/1.1, or HTTPS, from Start until
// Drain. It takes no body of unknown length, and hands over no request that two
// readers could read in two ways.
class HttpServer {
 public:
  // Start listens as `how` says. FailedPrecondition, if the address cannot be
  // had, or the system's OpenSSL not be found.
  static absl::StatusOr<std::unique_ptr<HttpServer>> Start(
      const HttpOptions& how, HttpServerOptions options);

  virtual ~HttpServer() = default;

  // port is the one that is listened on, also if the system chose it.
  virtual int port() const = 0;

  // ReplaceTls has connections that come later use `files`; for a server that
  // speaks TLS. If it is not OK, nothing has changed.
  virtual absl::Status ReplaceTls(const TlsFiles& files) = 0;

  // Refuse answers every request that comes from now on with 503, but for
  // whether the process lives.
  virtual void Refuse() = 0;

  // Drain refuses, waits for at most `patience` until the requests that run are
  // answered, and ends.
  virtual void Drain(absl::Duration patience) = 0;
};

}  // namespace signet

#endif  // SIGNET_SERVICE_HTTP_HTTP_SERVER_H_
