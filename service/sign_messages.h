#ifndef SIGNET_SERVICE_SIGN_MESSAGES_H_
#define SIGNET_SERVICE_SIGN_MESSAGES_H_

#include "absl/status/statusor.h"
#include "signer/token_request.h"
#include "signet/v1/token_service.pb.h"

namespace signet {

// ReadTokenRequest reads what a request says about the token that it asks for;
// of one that is exchanged, all that does not come from the old token.
// InvalidArgument, beginning with the field at fault, if it cannot be read.
// Whether it fits together is not looked at.
absl::StatusOr<TokenRequest> ReadTokenRequest(const v1::SignRequest& message);
absl::StatusOr<TokenRequest> ReadTokenRequest(
    const v1::ExchangeRequest& message);

}  // namespace signet

#endif  // SIGNET_SERVICE_SIGN_MESSAGES_H_
