#ifndef SIGNET_SERVICE_HTTP_INTROSPECTION_H_
#define SIGNET_SERVICE_HTTP_INTROSPECTION_H_

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "jose/algorithm.h"
#include "service/http/http_clients.h"
#include "service/http/http_message.h"
#include "service/server_setup.h"
#include "service/token_handlers.h"

namespace signet {

// AnswerSigner is who signs answers for clients that ask for it (RFC 9701).
struct AnswerSigner {
  std::string issuer;
  Algorithm algorithm;
};

// Introspection is the endpoint of RFC 7662, on the same handler as the RPC.
// May be used from many threads at once.
class Introspection {
 public:
  // Without a signer, no answer is signed.
  Introspection(std::shared_ptr<const ServerSetup> setup,
                std::optional<AnswerSigner> signer)
      : setup_(std::move(setup)),
        handlers_(setup_),
        signer_(std::move(signer)) {}

  // Answer answers a request of `client`, who may introspect, about `token`. By
  // the client's policy alone it is active or not.
  HttpResponse Answer(const HttpRequest& request, const std::string& token,
                      const HttpClient& client, absl::Time now) const;

 private:
  absl::StatusOr<std::string> Sign(const std::string& answer,
                                   const HttpClient& client,
                                   absl::Time now) const;

  std::shared_ptr<const ServerSetup> setup_;
  TokenHandlers handlers_;
  std::optional<AnswerSigner> signer_;
};

}  // namespace signet

#endif  // SIGNET_SERVICE_HTTP_INTROSPECTION_H_
