#ifndef SIGNET_SERVICE_ENUM_CONVERSION_H_
#define SIGNET_SERVICE_ENUM_CONVERSION_H_

#include <optional>

#include "jose/rejection.h"
#include "signet/v1/key_service.pb.h"
#include "signet/v1/rejection.pb.h"
#include "signet/v1/token.pb.h"
#include "store/records.h"
#include "verifier/check.h"
#include "verifier/validation_policy.h"

namespace signet {

// ToMessage returns the twin of an enum of ours on the wire.
v1::RejectionReason ToMessage(RejectionReason reason);
v1::CheckName ToMessage(CheckName name);
v1::CheckOutcome ToMessage(CheckOutcome outcome);
v1::TokenKind ToMessage(TokenKind kind);
v1::KeyState ToMessage(KeyState state);

// TokenKindFromMessage returns nothing if the kind was not given.
std::optional<TokenKind> TokenKindFromMessage(v1::TokenKind kind);

}  // namespace signet

#endif  // SIGNET_SERVICE_ENUM_CONVERSION_H_
