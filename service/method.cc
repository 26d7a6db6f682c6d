#include "service/method.h"

namespace signet {

absl::string_view MethodName(Method method) {
  switch (method) {
    case Method::kSign:
      return "Sign";
    case Method::kVerify:
      return "Verify";
    case Method::kBatchVerify:
      return "BatchVerify";
    case Method::kStreamVerify:
      return "StreamVerify";
    case Method::kIntrospect:
      return "Introspect";
    case Method::kExchange:
      return "Exchange";
    case Method::kListKeys:
      return "ListKeys";
    case Method::kRotateKey:
      return "RotateKey";
    case Method::kRevokeKey:
      return "RevokeKey";
    case Method::kWatchJwks:
      return "WatchJwks";
    case Method::kRevoke:
      return "Revoke";
  }
  __builtin_unreachable();
}

}  // namespace signet
