#ifndef SIGNET_SERVICE_METHOD_H_
#define SIGNET_SERVICE_METHOD_H_

#include "absl/strings/string_view.h"

namespace signet {

// Method is an RPC.
enum class Method {
  kSign,
  kVerify,
  kBatchVerify,
  kStreamVerify,
  kIntrospect,
  kExchange,
  kListKeys,
  kRotateKey,
  kRevokeKey,
  kWatchJwks,
  kRevoke,
};

// MethodName returns its name in the contract.
absl::string_view MethodName(Method method);

}  // namespace signet

#endif  // SIGNET_SERVICE_METHOD_H_
