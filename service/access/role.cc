#include "service/access/role.h"

namespace signet {

Role RoleFor(Method method) {
  switch (method) {
    case Method::kSign:
      return Role::kSign;
    case Method::kVerify:
    case Method::kBatchVerify:
    case Method::kStreamVerify:
      return Role::kVerify;
    case Method::kIntrospect:
      return Role::kIntrospect;
    case Method::kExchange:
      return Role::kExchange;
    case Method::kListKeys:
    case Method::kRotateKey:
    case Method::kRevokeKey:
    case Method::kWatchJwks:
      return Role::kAdmin;
    case Method::kRevoke:
      return Role::kRevoke;
  }
  __builtin_unreachable();
}

}  // namespace signet
