#ifndef SIGNET_SERVICE_HTTP_REVOCATION_H_
#define SIGNET_SERVICE_HTTP_REVOCATION_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "service/durable_state.h"
#include "service/http/http_clients.h"
#include "service/http/http_message.h"
#include "service/key_handlers.h"
#include "service/server_setup.h"
#include "verifier/validation_policy.h"

namespace signet {

// Revocation is the endpoint of RFC 7009, on the same handler as the RPC. It
// asks for more: only a token with a good signature of a configured issuer is
// revoked, so that nobody fills the store with tokens that do not exist; and
// for a client that may only revoke its own, only one that was issued to it.
// May be used from many threads at once.
class Revocation {
 public:
  // A client waits for the store for at most `patience`.
  Revocation(std::shared_ptr<const ServerSetup> setup,
             std::shared_ptr<DurableState> state, absl::Duration patience);

  // Answer revokes `token` for `client`, who may revoke some at least. One that
  // is not good anyway is nothing to complain about (section 2.2).
  HttpResponse Answer(const std::string& token, const HttpClient& client,
                      absl::Time now) const;

 private:
  // Whether there is such a token: its signature is good.
  absl::StatusOr<bool> Exists(const std::string& token, absl::Time now) const;
  // About a token that does not, as far as this server knows.
  HttpResponse Unknown() const;
  // Waits until the token is revoked.
  absl::Status Revoke(const std::string& token, absl::Time now) const;

  std::shared_ptr<const ServerSetup> setup_;
  KeyHandlers handlers_;
  absl::Duration patience_;
  // All tokens of all issuers, as far as signatures go.
  ValidationPolicy any_token_;
};

}  // namespace signet

#endif  // SIGNET_SERVICE_HTTP_REVOCATION_H_
