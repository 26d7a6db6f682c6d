#ifndef SIGNET_SERVICE_ACCESS_AUTHORIZED_SIGN_H_
#define SIGNET_SERVICE_ACCESS_AUTHORIZED_SIGN_H_

#include <string>
#include <utility>

#include "signer/token_request.h"

namespace signet {

// AuthorizedSign is a request for a token that its caller may make. Only
// AccessControl can make one, so holding one is the proof; nothing else leads
// to a signature.
class AuthorizedSign {
 public:
  const std::string& issuer() const { return issuer_; }
  const TokenRequest& request() const { return request_; }

 private:
  friend class AccessControl;

  AuthorizedSign(std::string issuer, TokenRequest request)
      : issuer_(std::move(issuer)), request_(std::move(request)) {}

  std::string issuer_;
  TokenRequest request_;
};

}  // namespace signet

#endif  // SIGNET_SERVICE_ACCESS_AUTHORIZED_SIGN_H_
